// I3: an error in any policy denies, approved or not, and an adapter that says allow all the same is not believed.
import { expect, test } from 'vitest';
import { approved, held } from '../doubles/ledger-builder.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { consider, erring, isApproved, shownBy } from './considering.ts';

const denied = { is: 'deny', reason: 'policy-error', errors: ['policy fake: it errs'] };

test('I3 at the first question, and then there is no second', () => {
	const policies = erring();
	expect(consider({ policies })).toMatchObject(denied);
	expect(policies.asked).toHaveLength(1);
});

test('I3 at the second, and no approval helps', () => {
	const policies = fakePolicies((question) => (isApproved(question) ? 'error' : 'deny'));
	expect(consider({ policies })).toMatchObject(denied);
	const lines = [held(2, 'approval', { effect: 'manual', shown: shownBy() }), approved(2)];
	expect(consider({ policies, lines })).toMatchObject(denied);
});

test('I3 an answer that allows with errors', () => {
	const policies = { ...erring(), decide: () => ({ verdict: 'allow', policies: ['fake'], errors: ['policy fake: it errs'] }) as const };
	expect(consider({ policies })).toMatchObject(denied);
});
