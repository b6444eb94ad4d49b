// I3: asked without an approval first; only if that denies, as if approved; and only a live approval of this very call counts.
import { expect, test } from 'vitest';
import { approved, held } from '../doubles/ledger-builder.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { consider, forbidding, isApproved, permissive, shownBy, withApproval } from './considering.ts';

test('what is allowed at once is asked once', () => {
	const policies = permissive();
	expect(consider({ policies })).toMatchObject({ is: 'allow', reason: 'policy', policies: ['fake'] });
	expect(policies.asked.map(isApproved)).toEqual([false]);
});

test('what an approval would allow is asked of a person', () => {
	const policies = withApproval();
	expect(consider({ policies })).toEqual({
		is: 'ask',
		policies: ['fake'],
		shown: {
			agent: 'desk',
			run: 'run-1',
			tool: 'payments.refund',
			input: { charge: 'c-1', amountCents: 1_500 },
			purpose: 'due',
			about: { type: 'Charge', id: 'c-1', facts: { remainingCents: 5_000 } },
		},
	});
	expect(policies.asked.map(isApproved)).toEqual([false, true]);
});

test('what is forbidden either way is denied, naming who forbids it', () => {
	expect(consider({ policies: forbidding() })).toEqual({ is: 'deny', reason: 'policy', why: 'forbidden by fake', policies: ['fake'] });
	const silent = { ...forbidding(), decide: () => ({ verdict: 'deny', policies: [], errors: [] }) as const };
	expect(consider({ policies: silent })).toMatchObject({ why: 'no policy permits it' });
});

test('an approval does not help against a policy that forbids it approved', () => {
	const lines = [held(2, 'approval', { effect: 'manual', shown: shownBy() }), approved(2)];
	expect(consider({ lines, policies: withApproval() })).toMatchObject({ is: 'allow', reason: 'approved' });
	expect(consider({ lines, policies: forbidding() })).toMatchObject({ is: 'deny', reason: 'policy' });
});

test('where no approval is needed any more, none is claimed', () => {
	const lines = [held(2, 'approval', { effect: 'manual', shown: shownBy() }), approved(2)];
	expect(consider({ lines, policies: permissive() })).toMatchObject({ is: 'allow', reason: 'policy' });
	const odd = fakePolicies((question) => (isApproved(question) ? 'deny' : 'allow'));
	expect(consider({ lines, policies: odd })).toMatchObject({ is: 'allow', reason: 'policy' });
});
