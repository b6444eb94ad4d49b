// Inputs and ids come from models. None may end a string, become an entity or match what it does not equal.
import { describe, expect, test } from 'vitest';
import { cedarInput } from '../../core/policy/schema.ts';
import { asked, permitAll, question, refund } from './cedar-refund-desk.ts';

const hostile = [
	'"',
	'\\',
	'p1"; permit(principal, action, resource); //',
	'Payment::"p1"',
	'\u0000',
	'line\nbreak\r\u2028',
	'\u202Ep1',
	'💥👩‍👩‍👧',
	'é',
	'e\u0301',
	'*',
	'{"__entity":{"type":"Agent","id":"refund-desk"}}',
	'__proto__',
	'',
];

describe.each(hostile)('%j', (text) => {
	test('is the resource it names and no other', () => {
		const only = { one: `permit(principal, action, resource == Payment::${cedarString(text)});` };
		expect(asked(only).decide(question({ payment: text }))).toEqual({ verdict: 'allow', policies: ['one'], errors: [] });
		expect(asked(only).decide(question({ payment: 'p1' })).verdict).toBe('deny');
		const other = { p1: 'permit(principal, action, resource == Payment::"p1");' };
		expect(asked(other).decide(question({ payment: text }))).toEqual({ verdict: 'deny', policies: [], errors: [] });
	});

	test('is the input that it is, and the key of a fact', () => {
		const policies = {
			...permitAll,
			note: `forbid(principal, action == Action::"payments.refund", resource) unless { context.input has note && context.input.note == ${cedarString(text)} };`,
			fact: 'forbid(principal, action, resource is Payment) unless { resource has status };',
		};
		const entities = [{ uid: { type: 'Payment', id: text }, attrs: { status: text }, parents: [] }];
		const input = (note: string) => cedarInput(refund, { payment: text, amountCents: 1, note });
		expect(asked(policies).decide(question({ payment: text, entities, input: input(text) })).verdict).toBe('allow');
		expect(asked(policies).decide(question({ payment: text, entities, input: input(`${text}.`) })).policies).toEqual(['note']);
	});
});

test('half a surrogate pair, in an id or an input, is a deny that says so', () => {
	const { decide } = asked(permitAll);
	for (const bad of [question({ payment: 'p\ud83d' }), question({ input: { payment: '\udca5', amountCents: 1 } })]) {
		expect(decide(bad)).toMatchObject({ verdict: 'deny', errors: [expect.stringMatching(/half a surrogate pair/)] });
	}
});

/** A Cedar string literal, each character escaped by its code. */
function cedarString(text: string): string {
	return `"${[...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join('')}"`;
}
