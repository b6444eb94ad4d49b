// S5: steps and spend are counted in the ledger, so neither a restart nor a second attempt goes around them.
import { expect, test } from 'vitest';
import { checkpoint, granted, intent, resumed, withdrawn } from '../doubles/ledger-builder.ts';
import { consider, forbidding, input, known, permissive } from './considering.ts';

const amount = (amountCents: number) => ({ input: { ...input, amountCents }, purpose: 'due' });

test('what is left may be spent to the last', () => {
	expect(consider({ call: amount(10_000) }).is).toBe('allow');
	expect(consider({ call: amount(10_001) })).toEqual({
		is: 'deny',
		reason: 'budget',
		why: 'the budget of 10000 has 10000 left, the call takes 10001',
		policies: [],
	});
});

test('what an earlier step took is gone, after a restart as well', () => {
	const golden = known();
	const spent = [granted(2, 'manual', { spend: 6_000 }), resumed(), checkpoint()];
	const outside = { ...golden, state: { ...golden.state, driver: 'outside' as const } };
	expect(consider({ golden: outside, lines: [...spent, intent('payments.refund')], step: 3, call: amount(4_000) }).is).toBe('allow');
	expect(consider({ golden: outside, lines: [...spent, intent('payments.refund')], step: 3, call: amount(4_001) })).toMatchObject({
		reason: 'budget',
	});
});

test('a second attempt takes nothing more', () => {
	const lines = [granted(2, 'manual', { spend: 10_000 }), withdrawn(2)];
	expect(consider({ lines, call: amount(10_000) }).is).toBe('allow');
});

test('without a bound nothing is short, until it could not be counted', () => {
	expect(consider({ golden: known(0, null), call: amount(Number.MAX_SAFE_INTEGER) }).is).toBe('allow');
	const golden = known(0, null);
	const rich = { ...golden, state: { ...golden.state, spend: Number.MAX_SAFE_INTEGER } };
	expect(consider({ golden: rich, call: amount(1) })).toMatchObject({ is: 'deny', reason: 'budget' });
});

test('steps beyond the budget are denied', () => {
	const golden = known();
	const outside = { ...golden, state: { ...golden.state, driver: 'outside' as const } };
	const lines = [intent('payments.refund', 'payments.refund')];
	expect(consider({ golden: outside, lines, step: 3 }).is).toBe('allow');
	expect(consider({ golden: outside, lines, step: 4 })).toMatchObject({
		is: 'deny',
		reason: 'budget',
		why: 'the budget of 3 steps is used up',
	});
});

test('the budget is asked before the policies, and a person’s approval does not raise it', () => {
	const policies = forbidding();
	expect(consider({ policies, call: amount(10_001) })).toMatchObject({ reason: 'budget' });
	expect(policies.asked).toEqual([]);
	expect(consider({ policies: permissive(), mode: 'log-only', call: amount(10_001) })).toMatchObject({ reason: 'budget' });
});
