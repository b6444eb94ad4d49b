// S4: an approval is bound to what the person was shown: this call and the values of these facts, whatever their age.
import { expect, test } from 'vitest';
import { approved, checkpoint, done, type Golden, granted, held, intent, resumed, tellOn } from '../doubles/ledger-builder.ts';
import { chargeFact, consider, input, known, refund, shownBy, withApproval } from './considering.ts';

const policies = withApproval();
const approvedOf = (shown: string) => [held(2, 'approval', { effect: 'manual', shown }), approved(2)];
const lines = approvedOf(shownBy());
const covered = { is: 'allow', reason: 'approved' };

test('this very call is covered, after a restart and for a later attempt as well', () => {
	expect(consider({ policies, lines })).toMatchObject(covered);
	expect(consider({ policies, lines: [...lines, resumed(), checkpoint()] })).toMatchObject(covered);
});

test('the age of the facts does not matter', () => {
	expect(consider({ policies, lines, afterMs: 3_600_000 })).toMatchObject(covered);
	const learnedAgain = tellOn(outside(known()), intent('charges.find'), granted(3, 'read'), done(3, { facts: [chargeFact(5_000)] }));
	expect(consider({ policies, golden: learnedAgain, lines })).toMatchObject(covered);
});

test('another value of a fact is not covered', () => {
	const learned = tellOn(outside(known()), intent('charges.find'), granted(3, 'read'), done(3, { facts: [chargeFact(4_999)] }));
	expect(consider({ policies, golden: learned, lines })).toMatchObject({ is: 'ask' });
});

test('a fact that was not known then is not covered', () => {
	const knewNothing = shownBy({ golden: { ...known(), state: { ...known().state, facts: [] } } });
	expect(consider({ policies, lines: approvedOf(knewNothing) })).toMatchObject({ is: 'ask' });
});

test('facts about something else do not matter', () => {
	const learned = tellOn(outside(known()), intent('a.tool'), granted(3, 'read'), done(3, { facts: [{ ...chargeFact(1), id: 'c-2' }] }));
	expect(consider({ policies, golden: learned, lines })).toMatchObject(covered);
});

test.for([
	['another amount', { input: { ...input, amountCents: 1_501 }, purpose: 'due' }],
	['another charge', { input: { ...input, charge: 'c-2' }, purpose: 'due' }],
	['another purpose', { input, purpose: 'a gift' }],
] as const)('%s is not covered', ([, call]) => {
	expect(consider({ policies, lines, call })).toMatchObject({ is: 'ask' });
});

test('another tool with the same input is not covered', () => {
	expect(consider({ policies, lines, tool: { ...refund, name: 'payments.payout' } })).toMatchObject({ is: 'ask' });
});

/** As if driven from outside, so that other calls may be planned meanwhile. */
function outside(golden: Golden): Golden {
	return { ...golden, state: { ...golden.state, driver: 'outside' } };
}
