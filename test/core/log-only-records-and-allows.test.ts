// In log-only mode what would have been denied, or asked of a person, is allowed and recorded as that. Shape and budget still deny.
import { expect, test } from 'vitest';
import { approved, held } from '../doubles/ledger-builder.ts';
import { consider, erring, forbidding, permissive, shownBy, withApproval } from './considering.ts';

const mode = 'log-only';

test('a denial is recorded by the policies that denied', () => {
	expect(consider({ mode, policies: forbidding() })).toMatchObject({ is: 'allow', reason: 'log-only', policies: ['fake'] });
});

test('so is a question to a person', () => {
	expect(consider({ mode, policies: withApproval() })).toMatchObject({ is: 'allow', reason: 'log-only' });
});

test('so is a policy that errs', () => {
	expect(consider({ mode, policies: erring() })).toMatchObject({ is: 'allow', reason: 'log-only' });
});

test('what is allowed anyway is no matter of the mode', () => {
	expect(consider({ mode, policies: permissive() })).toMatchObject({ is: 'allow', reason: 'policy' });
	const lines = [held(2, 'approval', { effect: 'manual', shown: shownBy() }), approved(2)];
	expect(consider({ mode, lines, policies: withApproval() })).toMatchObject({ is: 'allow', reason: 'approved' });
});

test('an input of another shape is denied', () => {
	expect(consider({ mode, policies: permissive(), call: { input: 5, purpose: 'due' } })).toMatchObject({ is: 'deny', reason: 'schema' });
});
