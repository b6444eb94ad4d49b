// S5: every answer of a planner takes a turn, so one that only ever remembers, or is refused, comes to the end of its budget.
import { expect, test } from 'vitest';
import { checkpoint, denied, done, granted, intent, type Line, resumed, told } from '../doubles/ledger-builder.ts';

const turns = (...lines: readonly Line[]): number => told(...lines).state.turns;
const refusedPlan: Line = (state) => {
	const written = intent()(state);
	return { ...written, draft: { ...written.draft, rejected: 'malformed' } as typeof written.draft };
};

test('calls, a refused plan, and memory alone take one each', () => {
	expect(turns()).toBe(0);
	expect(turns(intent('a.tool', 'b.tool'))).toBe(1);
	expect(turns(refusedPlan, refusedPlan)).toBe(2);
	expect(turns(checkpoint({ memory: 1 }), checkpoint({ memory: 2 }))).toBe(2);
});

test('memory along with calls takes no other', () => {
	expect(turns(intent('a.tool'), checkpoint({ memory: 1 }))).toBe(1);
	expect(turns(intent('a.tool'), denied(1), checkpoint({ memory: 1 }))).toBe(2);
});

test('what the guard and others record takes none', () => {
	expect(turns(intent('a.tool'), granted(1, 'read'), resumed(), granted(1), done(1), checkpoint())).toBe(1);
});
