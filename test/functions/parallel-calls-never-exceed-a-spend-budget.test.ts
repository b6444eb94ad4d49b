/** Calls of one plan are decided side by side; each decision is made on the one before it, so together they stay within the budget. */
import { expect, test } from 'vitest';
import type { Store } from '../../core/ledger/read.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

const CALLS = 12;
const CENTS = 30;
const BUDGET = 100;
const task = plans(Array.from({ length: CALLS }, (_, index) => call('letter.send', `letter ${index}`, CENTS)));
const agentOf = (outside: Outside) =>
	clerk(outside, { otherwise: { spend: ({ cents = 0 }) => cents }, budget: { spend: BUDGET, turns: 1 } });

function withinBudget(desk: Installation, outside: Outside): void {
	expect(desk.handedOut.length * CENTS).toBeLessThanOrEqual(BUDGET);
	expect(outside.effects.length * CENTS).toBeLessThanOrEqual(BUDGET);
}

test.for(['warm', 'cold'] as const)('%s readers', async (readers) => {
	const outside = outsideWorld();
	const desk = install({ agent: agentOf(outside), readers });
	await desk.run(task);
	withinBudget(desk, outside);
	expect(outside.effects).toHaveLength(3);
	expect(desk.lines().filter((line) => line.endsWith('budget'))).toHaveLength(CALLS - 3);
	expect(desk.lines().at(-1)).toBe('closed: exhausted');
});

test('control: guards that take a lost place for their own exceed it, and the check sees it', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: agentOf(outside), store: (store, name) => (name.endsWith('__guard') ? neverLosing(store) : store) });
	await desk.run(task);
	expect(() => withinBudget(desk, outside)).toThrow();
});

function neverLosing(store: Store): Store {
	const { generation, read, latest } = store.ledger;
	const append: Store['ledger']['append'] = async (entry, together) => {
		const answer = await store.ledger.append(entry, together);
		return answer.is === 'conflict' ? { is: 'appended' } : answer;
	};
	return { ...store, ledger: { generation, read, latest, append } };
}
