/** Memory saved with calls knows what happened before them; the planner is told the rest beside it, after any crash: nothing twice, nothing lost. */
import { expect, test } from 'vitest';
import type { Happened, Json, Planner } from '../../index.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { type InstallationOptions, install } from '../doubles/driver.ts';
import { faultOnce } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

const STEPS = 6;
type Told = { memory: Json | undefined; steps: number[] };

/** Its memory is the list of steps it was told of. It saves that with every second plan. */
function remembering(told: Told[]): Planner {
	return ({ memory, happened }) => {
		const known = Array.isArray(memory) ? memory : [];
		const news = happened.flatMap((one) => ('step' in one ? [one.step] : []));
		told.push({ memory, steps: news });
		const all = [...known, ...news];
		if (all.length >= STEPS) return { finish: all };
		const calls = [call('file.read', `${all.length}`)];
		return all.length % 2 === 0 ? { calls, memory: all } : { calls };
	};
}

async function play(more: Partial<InstallationOptions> = {}) {
	const told: Told[] = [];
	const desk = install({ agent: clerk(outsideWorld(), { planner: remembering(told) }), ...more });
	await desk.run(null);
	return { desk, told };
}
/** Memory and news together are all steps so far, each once and in order. */
function knowsEachOnce(told: Told[]): void {
	for (const { memory, steps } of told) {
		const all = [...(Array.isArray(memory) ? memory : []), ...steps];
		expect(all).toEqual(Array.from({ length: all.length }, (_, index) => index + 1));
	}
	expect(told.at(-1)).toMatchObject({ steps: expect.arrayContaining([STEPS]) });
}

test.for(['warm', 'cold'] as const)('%s readers', async (readers) => {
	const { told, desk } = await play({ readers });
	knowsEachOnce(told);
	expect(told.map(({ memory }) => memory)).toEqual([undefined, [], [], [1, 2], [1, 2], [1, 2, 3, 4], [1, 2, 3, 4]]);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test.for(['crash-before', 'crash-after', 'unknown-not-written', 'unknown-written'] as const)(
	'%s between intent and checkpoint: told all the same',
	async (fault) => {
		// The planner's appends: intent, memory, intent, intent, memory.
		for (const n of [1, 2, 3, 4, 5]) {
			const { told, desk } = await play({ fault: faultOnce({ at: 'ledger.append', function: 'clerk-plan', n }, fault) });
			knowsEachOnce(told);
			expect(desk.lines().at(-1)).toBe('closed: finished');
			expect(desk.lines().filter((line) => line.startsWith('planned'))).toHaveLength(STEPS);
		}
	},
);

test('control: memory that already counts the calls it comes with tells them twice, and the check sees it', async () => {
	const told: Told[] = [];
	const hasty: Planner = ({ memory, happened }) => {
		const known = Array.isArray(memory) ? memory : [];
		const news = happened.flatMap((one: Happened) => ('step' in one ? [one.step] : []));
		told.push({ memory, steps: news });
		const all = [...known, ...news];
		if (all.length >= STEPS) return { finish: all };
		return { calls: [call('file.read')], memory: [...all, all.length + 1] };
	};
	await install({ agent: clerk(outsideWorld(), { planner: hasty }) }).run(null);
	expect(() => knowsEachOnce(told)).toThrow();
});

test('a plan that was refused is told until memory knows it', async () => {
	const told: (readonly Happened[])[] = [];
	const desk = install({
		agent: clerk(outsideWorld(), {
			planner: ({ happened, memory }) => {
				told.push(happened);
				if (memory !== undefined) return { finish: null };
				return happened.length === 0 ? { calls: [call('file.delete')] } : { memory: 'seen' };
			},
		}),
	});
	await desk.run(null);
	expect(told.map((happened) => happened.length)).toEqual([0, 1, 0]);
	expect(desk.lines()).toEqual(['opened', 'rejected: unknown-tool', 'checkpoint with memory', 'closed: finished']);
});
