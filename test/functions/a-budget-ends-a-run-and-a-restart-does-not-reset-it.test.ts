/** S5: a planner that never finishes comes to the end of its budget, which lives in the ledger: no crash resets it. */
import { expect, test } from 'vitest';
import type { AgentSpec } from '../../index.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { type Installation, type InstallationOptions, install } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

const looping: AgentSpec['planner'] = () => ({ calls: [call('letter.send')] });

test.for([
	[{ steps: 3 }, 3],
	[{ turns: 4 }, 4],
	[{ steps: 0 }, 0],
] as const)('%o', async ([budget, steps]) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { planner: looping, budget }) });
	await desk.run(null);
	expect(desk.lines().at(-1)).toBe('closed: exhausted');
	expect(outside.effects).toHaveLength(steps);
});

test('several calls in one plan: those above the budget are denied one by one', async () => {
	const outside = outsideWorld();
	const calls = ['a', 'b', 'c', 'd'].map((what) => call('letter.send', what));
	const desk = install({ agent: clerk(outside, { planner: () => ({ calls }), budget: { steps: 3 } }) });
	await desk.run(null);
	expect(desk.lines().filter((line) => line.startsWith('denied'))).toEqual(['denied 4: budget']);
	expect(desk.lines().at(-1)).toBe('closed: exhausted');
	expect(outside.effects).toHaveLength(3);
});

const spend = ({ cents = 0 }: { cents?: number | undefined }) => cents;
test('spend: a call that takes more than is left is denied, and the planner is told what is left', async () => {
	const outside = outsideWorld();
	const left: (number | null)[] = [];
	const desk = install({
		agent: clerk(outside, {
			otherwise: { spend },
			budget: { spend: 100, turns: 4 },
			planner: (situation) => {
				left.push(situation.left.spend);
				return { calls: [call('letter.send', 'it', 40)] };
			},
		}),
	});
	await desk.run(null);
	expect(outside.effects).toHaveLength(2);
	expect(left).toEqual([100, 60, 20, 20]);
	expect(desk.lines().filter((line) => line.startsWith('denied'))).toEqual(['denied 3: budget', 'denied 4: budget']);
});

test('spend that had no effect is given back', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'fails', 'goes-well', 'fails');
	const desk = install({
		agent: clerk(outside, {
			otherwise: { spend },
			budget: { spend: 100, turns: 5 },
			planner: () => ({ calls: [call('letter.send', 'it', 40)] }),
		}),
	});
	await desk.run(null);
	expect(outside.effects).toHaveLength(2);
});

const BUDGET = 6;
const within = (outside: Outside) => expect(outside.effectsOf('pay').length).toBeLessThanOrEqual(BUDGET);
/** Every third call of a port by the planner or the guard is its end. */
const crashing = (): NonNullable<InstallationOptions['fault']> => {
	let calls = 0;
	return ({ at, function: name }) => {
		if (at !== 'ledger.append' || name === 'resume') return undefined;
		calls += 1;
		return calls % 3 === 0 ? 'crash-after' : undefined;
	};
};
async function throughCrashes(outside: Outside, planner: AgentSpec['planner'], budget: AgentSpec['budget']): Promise<Installation> {
	outside.honoursKeys.add('pay');
	const desk = install({
		agent: clerk(outside, { ...(planner && { planner }), ...(budget && { budget }) }),
		readers: 'cold',
		fault: crashing(),
	});
	await desk.run(null);
	for (let time = 0; time < 3; time += 1) await desk.recover(undefined, 'person');
	return desk;
}

test('through crashes and restarts, no more than the budget is done', async () => {
	const outside = outsideWorld();
	const desk = await throughCrashes(outside, () => ({ calls: [call('pay.send')] }), { steps: BUDGET });
	expect(desk.lines().at(-1)).toBe('closed: exhausted');
	expect(desk.invocations.filter(({ error }) => error).length).toBeGreaterThan(3);
	within(outside);
});

test('control: a count that dies with its process lets more be done, and the check sees it', async () => {
	const outside = outsideWorld();
	let counted = 0;
	const forgetful: AgentSpec['planner'] = ({ happened }) => {
		// A process of its own for each plan: what it has counted is gone each time.
		counted = 0;
		counted += 1;
		return counted > BUDGET || happened.length > 3 * BUDGET ? { finish: null } : { calls: [call('pay.send')] };
	};
	await throughCrashes(outside, forgetful, { steps: 100 });
	expect(() => within(outside)).toThrow();
});
