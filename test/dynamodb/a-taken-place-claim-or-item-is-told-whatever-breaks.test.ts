/** L1, S3: what another writer holds is never answered `appended`, whatever breaks on the way; nothing of ours is left behind. */
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { put } from '../../core/ledger/append.ts';
import type { Appended } from '../../core/ports.ts';
import { claimOf, entryAt } from '../contract/samples.ts';
import { pass } from './fault-proxy.ts';
import { type Fault, faultsOf, kindOf } from './faults.ts';
import { localOptions } from './local-store.ts';
import { overwriting } from './naive-adapters.ts';
import type { Naive } from './played.ts';
import { proxiedStore, type Retries } from './proxied-store.ts';
import { added, type ControlReport, type FaultsFired, reportPart } from './report.ts';
import type { Writing } from './writes.ts';

type Contested = {
	readonly what: string;
	readonly target: 'PutItem' | 'TransactWriteItems';
	readonly ours: (id: string) => Writing;
	readonly theirs: (id: string) => Writing;
	readonly told: (id: string) => Appended;
};
const entry = (id: string) => entryAt(1, { chain: id });
const another = (id: string) => entryAt(1, { chain: id, writer: 'another' });
const all = (id: string) => ({ claim: claimOf(id, { run: id }), writes: [{ table: 'orders', key: id, add: { paid: 1 } }] });
const elsewhere = (id: string) => entryAt(0, { chain: `${id}-other` });

const contested: readonly Contested[] = [
	{
		what: 'the place of an entry',
		target: 'PutItem',
		ours: (id) => ({ entry: entry(id) }),
		theirs: (id) => ({ entry: another(id) }),
		told: (id) => ({ is: 'conflict', holder: another(id) }),
	},
	{
		what: 'the place, before claim and item',
		target: 'TransactWriteItems',
		ours: (id) => ({ entry: entry(id), together: all(id) }),
		theirs: (id) => ({ entry: another(id), together: { claim: claimOf(id, { run: 'another' }) } }),
		told: (id) => ({ is: 'conflict', holder: another(id) }),
	},
	{
		what: 'the claim',
		target: 'TransactWriteItems',
		ours: (id) => ({ entry: entry(id), together: all(id) }),
		theirs: (id) => ({ entry: elsewhere(id), together: { claim: claimOf(id, { run: 'another' }) } }),
		told: (id) => ({ is: 'claimed', holder: claimOf(id, { run: 'another' }) }),
	},
	{
		what: 'the item',
		target: 'TransactWriteItems',
		ours: (id) => ({ entry: entry(id), together: all(id) }),
		theirs: (id) => ({ entry: elsewhere(id), together: { writes: [{ table: 'orders', key: id, put: { paid: 'no number' } }] } }),
		told: () => ({ is: 'refused', write: 0 }),
	},
];

let options: DynamoOptions;
let cases = 0;
const met: FaultsFired[] = [];
const controls: ControlReport[] = [];
const tally = { requests: 0, fail: 0, unknown: 0 };
beforeAll(async () => {
	options = await localOptions();
});
afterAll(() => reportPart('contested', { ...tally, controls, faultsFired: added(met) }));

const ways = contested.flatMap((one) => (['off', 'on'] as const).map((retries) => ({ ...one, retries })));
test.for(ways)('$what, the SDK’s second try $retries', async ({ retries, ...one }) => {
	await Promise.all(faultsOf(one.target).map((fault) => brokenOnce(one, { fault, retries })));
});

test.for(contested.slice(0, 3))('control: $what, and an adapter that puts without a condition', async (one) => {
	const answered = brokenOnce(one, { fault: { is: 'delayed', ms: 0 }, retries: 'on', naive: overwriting });
	const says = await answered.then(
		() => 'nothing',
		(error: Error) => error.message,
	);
	controls.push({ name: `an adapter that puts without a condition over ${one.what}`, says, caught: /answered appended/.test(says) });
	expect(says).toMatch(new RegExp(`^delayed: answered appended, where ${one.told('').is} is right$`));
});

type Broken = { readonly fault: Fault; readonly retries: Retries; readonly naive?: Naive };

async function brokenOnce({ target, ours, theirs, told }: Contested, { fault, retries, naive }: Broken): Promise<void> {
	const clean = dynamoStore(options);
	cases += 1;
	const id = `t-${cases}`;
	const before = theirs(id);
	expect(await clean.ledger.append(before.entry, before.together)).toEqual({ is: 'appended' });
	const plan = ({ n }: { n: number }) => (n === 1 ? fault : pass);
	const through = { database: inject('dynamodbEndpoint'), plan, retries, ...(naive?.alter && { alter: naive.alter }) };
	const { store, proxy, close } = await proxiedStore(options, through);
	onTestFinished(close);
	const { entry: body, together } = ours(id);
	const answer = await store.ledger.append(body, together);
	if (answer.is !== 'unknown' && answer.is !== told(id).is)
		throw new Error(`${kindOf(fault)}: answered ${answer.is}, where ${told(id).is} is right`);
	if (answer.is !== 'unknown') expect(answer).toEqual(told(id));
	expect(await put(store, body, together)).toEqual(told(id));
	await proxy.drain();
	const there = await clean.ledger.read(id, { from: 0, limit: 50 });
	expect(there).toEqual(before.entry.chain === id ? [before.entry] : []);
	expect(await clean.claims.latest('refund', id)).toEqual(before.together?.claim);
	expect(await clean.tables.get('orders', id)).toEqual(before.together?.writes?.[0]?.put);
	expect(proxy.fired).toEqual({ [kindOf(fault)]: { [target]: 1 } });
	met.push(proxy.fired);
	tally.requests += proxy.requests.length;
	tally[answer.is === 'unknown' ? 'unknown' : 'fail'] += 1;
}
