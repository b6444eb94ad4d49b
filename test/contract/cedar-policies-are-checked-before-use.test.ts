import { expect, test } from 'vitest';
import { PolicyError } from '../../adapters/cedar/cedar-policies.ts';
import { asked, permitAll } from './cedar-refund-desk.ts';

const refusal = (policies: Record<string, string>): string => {
	try {
		asked(policies);
	} catch (error) {
		if (error instanceof PolicyError) return error.message;
		throw error;
	}
	throw new Error('nothing was refused');
};

test('every faulty policy is named, with what is wrong and what to do', () => {
	const message = refusal({
		...permitAll,
		optional: 'permit(principal, action == Action::"payments.refund", resource) when { context.input.note == "x" };',
		misspelt: 'permit(principal, action == Action::"payments.refnd", resource);',
		mistyped: 'forbid(principal, action == Action::"payments.refund", resource) when { context.input.amountCents == "1" };',
	});
	expect(message).toMatch(/^policies of refund-desk:\n- /);
	expect(message).toMatch(/- policy optional: .*`input\.note`.*; try testing for the attribute's presence/);
	expect(message).toMatch(/- policy misspelt: .*unrecognized action.*; did you mean `Action::"payments\.refund"`\?/);
	expect(message).toMatch(/- policy mistyped: /);
	expect(message).not.toMatch(/policy everything/);
});

test('what does not parse is named too', () => {
	const message = refusal({ broken: 'permit(', empty: '', slot: 'permit(principal == ?principal, action, resource);' });
	expect(message).toMatch(/- policy broken: .*unexpected end of input/);
	expect(message).toMatch(/- policy empty: /);
	expect(message).toMatch(/- policy slot: .*template.*; try removing the template slot/);
});

test('two policies in one text are told apart by nobody, so they are refused', () => {
	expect(refusal({ two: `${permitAll.everything}\nforbid(principal, action, resource);` })).toMatch(/policy two: .*one policy a text/);
});

test('a call of unknown(…), which validates and then always errs, is refused', () => {
	expect(refusal({ open: 'forbid(principal, action, resource) when { unknown("resource") };' })).toMatch(/policy open: it calls unknown/);
	expect(asked({ word: 'permit(principal, action, resource) when { {unknown: "unknown(x)"}.unknown == "unknown(x)" };' }).warnings).toEqual(
		[],
	);
});

test('a name that no decision could hold is refused', () => {
	expect(refusal({ ['n'.repeat(121)]: permitAll.everything })).toMatch(/121 characters; give it 1 to 120/);
	expect(refusal({ '': permitAll.everything })).toMatch(/0 characters/);
});

test('warnings are no fault: they are there to be read', () => {
	const { warnings } = asked({ never: 'permit(principal, action, resource) when { false };' });
	expect(warnings).toEqual([expect.stringMatching(/^policy never: .*impossible/)]);
});

test('no policies at all are fine, and deny', () => {
	expect(asked({}).warnings).toEqual([]);
});
