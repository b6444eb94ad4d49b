/** L1: every append of a run in turn is answered `unknown`, once not written and once written; nothing is lost, doubled or left open. */
import { expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory/store.ts';
import { createReader } from '../../core/ledger/read.ts';
import { open } from '../../functions/open/open.ts';
import { clerk } from '../doubles/clerk.ts';
import { BY, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { type Broken, cameToAGoodEnd, errand, type Task, tasks } from './errand.ts';

const names = Object.keys(tasks) as Task[];
const ways = ['unknown-not-written', 'unknown-written', 'unavailable', 'crash-before', 'crash-after'] as const;

/** Breaks the `n`th append, and as many after it as `times` says. */
function breaking(n: number, way: (typeof ways)[number], times = 1): Broken {
	let seen = 0;
	return ({ at }) => {
		if (at !== 'ledger.append') return undefined;
		seen += 1;
		return seen >= n && seen < n + times ? way : undefined;
	};
}
async function appendsOf(task: Task): Promise<number> {
	const { desk } = await errand(task, () => undefined);
	return desk.calls.get('ledger.append') ?? 0;
}

test.for(names.flatMap((task) => ways.map((way) => [task, way] as const)))('%s, %s', { timeout: 60_000 }, async ([task, way]) => {
	const appends = await appendsOf(task);
	expect(appends).toBeGreaterThan(15);
	for (let n = 1; n <= appends; n += 1) {
		const played = await errand(task, breaking(n, way));
		try {
			cameToAGoodEnd(played);
		} catch (error) {
			throw new Error(`append ${n} ${way}:\n${played.desk.lines().join('\n')}`, { cause: error });
		}
	}
});

test.for(['unknown-not-written', 'unknown-written'] as const)(
	'%s: the same put made again is known for our own, and the ledger is as if nothing had been',
	{ timeout: 60_000 },
	async (way) => {
		const { desk } = await errand('one after another', () => undefined);
		for (let n = 1; n <= (desk.calls.get('ledger.append') ?? 0); n += 1) {
			const broken = await errand('one after another', breaking(n, way));
			expect(broken.desk.lines()).toEqual(desk.lines());
		}
	},
);

test.for(['unknown-not-written', 'unknown-written'] as const)(
	'%s, again and again: longer than anybody repeats, and still made good',
	{ timeout: 60_000 },
	async (way) => {
		const appends = await appendsOf('one after another');
		for (let n = 1; n <= appends; n += 1) cameToAGoodEnd(await errand('one after another', breaking(n, way, 12)));
	},
);

test.for(ways)('opening a run, %s at each of its port calls: opened once, with the task it was opened with', async (way) => {
	for (let index = 1; index <= 6; index += 1) {
		let calls = 0;
		const desk = install({ agent: clerk(outsideWorld()) });
		const fault = () => {
			calls += 1;
			return calls === index ? way : undefined;
		};
		const broken = memoryStore({ state: desk.state, fault });
		const store = { ...desk.operator.store, ledger: broken.ledger, keys: broken.keys, payloads: broken.payloads };
		const around = { ...desk.operator, store, reader: createReader(store), code: '0'.repeat(64) };
		const first = await open({ run: RUN, task: { plans: [] }, by: BY }, around).catch((error: Error) => error.name);
		const again = await open({ run: RUN, task: { plans: [] }, by: BY }, { ...desk.operator, code: '0'.repeat(64) });
		expect(typeof first === 'string' ? ['opened', 'exists'] : ['exists']).toContain(again.is);
		if (again.is === 'exists') expect(again.same).toBe(true);
		expect(desk.lines()).toEqual(['opened']);
	}
});
