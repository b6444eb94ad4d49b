/**
 * L1, L2, S1, S3, S5: each request of a run in turn × each fault that can happen to it, and nothing is lost or doubled.
 * Reads are broken without the SDK's second try, which would hide it; writes with and without.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { DynamoOptions } from '../../adapters/dynamodb/store.ts';
import { type FaultPlan, pass } from './fault-proxy.ts';
import { type Fault, faultsOf, kindOf, type Target } from './faults.ts';
import type { Order } from './installation.ts';
import { localOptions } from './local-store.ts';
import { metBy, only, type Played, played } from './played.ts';
import type { Retries } from './proxied-store.ts';
import { reportPart } from './report.ts';

/** Between them: entries alone, with a claim, and with writes; keys made and read; claims and control chains read. */
const tasks = {
	'a transaction under a business key': { keyed: true, order: (run: string) => only('book.post', run) },
	'a letter that cannot be asked about': { keyed: false, order: (run: string) => only('letter.send', run) },
} satisfies { [name: string]: { keyed: boolean; order: (run: string) => Order } };
type Task = keyof typeof tasks;
const names = Object.keys(tasks) as Task[];

let options: DynamoOptions;
let runs = 0;
const all: Played[] = [];
const undisturbed = new Map<Task, readonly Target[]>();

async function playedWith(task: Task, { plan, retries }: { plan: FaultPlan; retries: Retries }): Promise<Played> {
	runs += 1;
	const { keyed, order } = tasks[task];
	const one = await played({ options, database: inject('dynamodbEndpoint'), orders: [order(`r-${runs}`)], plan, keyed, retries });
	all.push(one);
	return one;
}

beforeAll(async () => {
	options = await localOptions(['book']);
	for (const task of names) {
		const { off, requests } = await playedWith(task, { plan: () => pass, retries: 'off' });
		expect(off.lines).toEqual([]);
		expect(requests.length).toBeGreaterThan(18);
		undisturbed.set(
			task,
			requests.map(({ target }) => target),
		);
	}
});
afterAll(() => reportPart('every-request', metBy(all)));

const reads: readonly Target[] = ['Query', 'GetItem'];
const writes: readonly Target[] = ['PutItem', 'TransactWriteItems'];
const faults = (targets: readonly Target[]): Fault[] => [
	...new Map(targets.flatMap(faultsOf).map((fault) => [JSON.stringify(fault), fault])).values(),
];
const ways = [
	...faults(reads).map((fault) => ({ targets: reads, fault, retries: 'off' as const })),
	...faults(writes).flatMap((fault) => (['off', 'on'] as const).map((retries) => ({ targets: writes, fault, retries }))),
].map((way) => ({
	...way,
	name: `${way.targets === reads ? 'a read' : 'a write'}: ${kindOf(way.fault)}${way.fault.is === 'late' ? ` by ${way.fault.by}` : ''}`,
}));

test.for(ways)('$name, the SDK’s second try $retries', async ({ targets, fault, retries }) => {
	const applies = (target: Target): boolean =>
		targets.includes(target) && faultsOf(target).some((other) => JSON.stringify(other) === JSON.stringify(fault));
	const positions = names.flatMap((task) =>
		(undisturbed.get(task) ?? []).flatMap((target, index) => (applies(target) ? [{ task, target, n: index + 1 }] : [])),
	);
	expect(positions.length).toBeGreaterThan(1);
	await Promise.all(
		positions.map(async ({ task, target, n }) => {
			const one = await playedWith(task, { plan: (request) => (request.n === n ? fault : pass), retries });
			const where = `${task}, request ${n}`;
			expect({ where, fired: one.fired }).toEqual({ where, fired: { [kindOf(fault)]: { [target]: 1 } } });
			expect({ where, off: one.off.lines }).toEqual({ where, off: [] });
		}),
	);
});
