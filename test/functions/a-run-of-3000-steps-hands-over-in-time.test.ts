/**
 * 3,000 steps through the shipped definitions: every step once, as many executions as its entries need, and in none of them more
 * history than Step Functions keeps.
 */
import { expect, test } from 'vitest';
import { CALLS_PER_INTENT, ENTRIES_PER_EXECUTION, HISTORY_EVENTS } from '../../core/bounds.ts';
import type { Planner } from '../../index.ts';
import { mostEvents, turnEvents } from '../../statemachines/history.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { recordedHistory } from '../doubles/history.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { machineOf } from '../statemachines/definitions.ts';

const STEPS = 3_000;

/** So many calls a plan; memory keeps how many have ended, so that no plan is told everything again. */
const counting =
	(perPlan: number): Planner =>
	({ memory, happened, task }) => {
		const ended = Number(memory ?? 0) + happened.length;
		if (ended >= Number(task)) return { finish: ended };
		const calls = Array.from({ length: Math.min(perPlan, Number(task) - ended) }, (_, index) => call('pay.send', `bill-${ended + index}`));
		return { calls, memory: ended };
	};

async function counted({ steps, perPlan }: { steps: number; perPlan: number }) {
	const outside = outsideWorld();
	const history = recordedHistory();
	const agent = clerk(outside, { planner: counting(perPlan), budget: { steps: 100_000, turns: 100_000 } });
	const desk = install({ agent, observe: history.observe });
	await desk.run(steps);
	const most = Math.max(...history.of('agent-run').map(({ events }) => events));
	return { steps, desk, outside, history, most };
}
type Counted = Awaited<ReturnType<typeof counted>>;

function everyStepOnce({ steps, desk, outside }: Counted): void {
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(desk.check()).toMatchObject({ is: 'whole' });
	const paid = outside.effectsOf('pay').map(({ step, input }) => `${step} ${Object(input).what}`);
	expect(paid).toHaveLength(steps);
	expect(new Set(paid).size).toBe(steps);
	const done = desk.entries().filter((entry) => entry.kind === 'outcome' && entry.result === 'done');
	expect(done).toHaveLength(steps);
}

let alone: Counted;
test('one after another: every step once, over as many executions as there are hand-overs', { timeout: 180_000 }, async () => {
	alone = await counted({ steps: STEPS, perPlan: 1 });
	everyStepOnce(alone);
	const entries = alone.desk.entries();
	const handOvers = entries.filter((entry) => entry.kind === 'resumed' && entry.reason === 'handover').length;
	expect(handOvers).toBe(Math.floor(entries.length / ENTRIES_PER_EXECUTION));
	expect(handOvers).toBeGreaterThan(5);
	const { history } = alone;
	expect([history.of('agent-run').length, history.of('recover').length]).toEqual([handOvers + 1, handOvers]);
	expect(history.of('step')).toHaveLength(STEPS);
});

test('no execution comes near the end of its history, nor beyond what is counted from the definition', () => {
	expect(alone.most).toBeLessThan(mostEvents(machineOf('agent-run'), { entries: ENTRIES_PER_EXECUTION, calls: CALLS_PER_INTENT }));
	expect(alone.most).toBeLessThan(HISTORY_EVENTS / 2);
	expect(Math.max(...alone.history.of('step').map(({ events }) => events))).toBeLessThan(20);
});

test('the events that are counted are those of the definition: a turn of one step takes as many as it says', () => {
	const [first] = alone.history.of('agent-run');
	const turns = alone.desk.invocations.filter(({ function: name, event }) => name === 'clerk-plan' && Object(event).epoch === 0).length - 1;
	const run = machineOf('agent-run');
	const a = (steps: number) => turnEvents(run, { steps, trying: 'least' });
	// The first event and the last; the plan that hands over, the hand-over, and the end.
	expect(first?.events).toBe(2 + turns * a(1) + a(0) + 5 + 2);
});

test('seven transitions a step, at the beginning as at the end', () => {
	const all = alone.history.executions().reduce((sum, { transitions }) => sum + transitions, 0);
	const handOvers = alone.history.of('recover').length;
	// Besides: the last plan and its end, and at each hand-over a plan, the hand-over, and what recover does.
	expect(all - 7 * STEPS).toBeLessThanOrEqual(3 + 10 * handOvers);
});

test('32 at a time: every step once, and the history stays within what is counted', { timeout: 180_000 }, async () => {
	const together = await counted({ steps: 25 * CALLS_PER_INTENT, perPlan: CALLS_PER_INTENT });
	everyStepOnce(together);
	expect(together.history.of('agent-run').length).toBeGreaterThan(1);
	expect(together.most).toBeLessThan(HISTORY_EVENTS / 2);
});

test('requests and writes at step 100 are those at step 3,000', () => {
	const costs = (from: number) => {
		const { invocations } = alone.desk;
		const tools = invocations.flatMap(({ function: name }, index) => (name === 'clerk_pay_send' ? [index] : []));
		const part = invocations.slice(tools[from - 47], tools[from - 1]);
		return {
			invocations: part.length,
			queries: part.reduce((sum, { queries }) => sum + queries.filter(({ chain }) => chain === RUN).length, 0),
			// Every plan leaves a checkpoint with its memory here, so four writes a step.
			appends: part.reduce((sum, { appends }) => sum + appends.length, 0),
		};
	};
	const [early, late] = [costs(100), costs(STEPS - 20)];
	expect(late).toEqual(early);
	expect(early.appends).toBe(46 * 4);
});

test('control: without hand-overs one execution holds it all, and the check of its history sees that', () => {
	const run = machineOf('agent-run');
	const whole = alone.history.of('agent-run').reduce((sum, { events }) => sum + events, 0);
	expect(whole).toBeGreaterThan(HISTORY_EVENTS);
	expect(mostEvents(run, { entries: alone.desk.entries().length, calls: CALLS_PER_INTENT })).toBeGreaterThan(HISTORY_EVENTS);
});
