/** L1: each way of writing × each fault × with and without the SDK's own second try; then core makes it exactly once. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { put } from '../../core/ledger/append.ts';
import { pass } from './fault-proxy.ts';
import { type Fault, faultsOf, kindOf } from './faults.ts';
import { localOptions } from './local-store.ts';
import { proxiedStore, type Retries } from './proxied-store.ts';
import { added, type FaultsFired, reportPart } from './report.ts';
import { appendTo, isThere, kindsOfWriting, type Writing } from './writes.ts';

/** What the adapter answers, and whether it is written at that moment. `itself`: a conflict with its own body. */
type Told = 'appended' | 'itself' | 'unknown, written' | 'unknown, not written';
type Row = { readonly off: readonly [put: Told, transaction: Told]; readonly on: readonly [put: Told, transaction: Told] };

const row = (off: Told, on: Told, transaction: { off?: Told; on?: Told } = {}): Row => ({
	off: [off, transaction.off ?? off],
	on: [on, transaction.on ?? on],
});
/** A second try with the token of the first is the same transaction, so it is answered as that was. */
const told: { readonly [kind: string]: Row } = {
	'request-lost': row('unknown, not written', 'appended'),
	'reply-lost': row('unknown, written', 'itself', { on: 'appended' }),
	'failed-before': row('unknown, not written', 'appended'),
	'failed-after': row('unknown, written', 'itself', { on: 'appended' }),
	delayed: row('appended', 'appended'),
	'late, and given up': row('unknown, not written', 'appended'),
	'duplicated, first answer': row('appended', 'appended'),
	'duplicated, second answer': row('itself', 'itself', { off: 'appended', on: 'appended' }),
	'duplicated, second answer, token forgotten': row('itself', 'itself'),
	'throttled: ThrottlingException': row('unknown, not written', 'appended'),
	'throttled: ProvisionedThroughputExceededException': row('unknown, not written', 'appended'),
	'throttled: TransactionInProgressException': row('unknown, not written', 'appended'),
	// Of these the SDK makes no second try: whether another is worth it is ours to say.
	'throttled: TransactionConflictException': row('unknown, not written', 'unknown, not written'),
	'throttled: TransactionConflict': row('unknown, not written', 'unknown, not written'),
};

let options: DynamoOptions;
let cases = 0;
const met: FaultsFired[] = [];
const answers = { requests: 0, ok: 0, fail: 0, unknown: 0, acknowledgedWrites: 0 };
beforeAll(async () => {
	options = await localOptions();
});
afterAll(() => reportPart('every-write', { ...answers, faultsFired: added(met) }));

const ways = kindsOfWriting.flatMap((kind) => (['off', 'on'] as const).map((retries) => ({ kind, retries })));
test.for(ways)('$kind.what, the SDK’s second try $retries', async ({ kind, retries }) => {
	const tell = async (fault: Fault): Promise<[string, Told]> => {
		cases += 1;
		return [kindOf(fault), await brokenOnce(kind.of(`w-${cases}`), { fault, retries, target: kind.target })];
	};
	const found = await Promise.all(faultsOf(kind.target).map(tell));
	expect(found).toEqual(found.map(([name]) => [name, told[name]?.[retries][kind.target === 'PutItem' ? 0 : 1]]));
});

/** Breaks the first request, then has core make the same put until its end is known, then lets in what is still on its way. */
async function brokenOnce(writing: Writing, { fault, retries, target }: { fault: Fault; retries: Retries; target: string }): Promise<Told> {
	const clean = dynamoStore(options);
	const plan = ({ n }: { n: number }) => (n === 1 ? fault : pass);
	const { store, proxy, close } = await proxiedStore(options, { database: inject('dynamodbEndpoint'), plan, retries });
	const answer = await appendTo(store.ledger, writing);
	const there = await isThere(clean, writing);
	expect(await put(store, writing.entry, writing.together)).toEqual({ is: 'appended' });
	expect(await isThere(clean, writing)).toBe(true);
	await close();
	expect(await isThere(clean, writing)).toBe(true);
	expect(proxy.fired, kindOf(fault)).toEqual({ [kindOf(fault)]: { [target]: 1 } });
	met.push(proxy.fired);
	answers.requests += proxy.requests.length;
	answers[answer.is === 'unknown' ? 'unknown' : 'ok'] += 1;
	answers.acknowledgedWrites += 1;
	if (answer.is === 'unknown') return there ? 'unknown, written' : 'unknown, not written';
	expect(there).toBe(true);
	if (answer.is === 'conflict') expect(answer.holder).toEqual(writing.entry);
	return answer.is === 'conflict' ? 'itself' : (answer.is as 'appended');
}
