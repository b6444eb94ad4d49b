// A text that overflows Cedar's stack would end its instance, some at validation and some at the first decision only.
// The control does end it, so it comes last.
import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import { expect, test } from 'vitest';
import { cedarSchema } from '../../core/policy/schema.ts';
import { asked, question, refundDesk } from './cedar-refund-desk.ts';

const when = (body: string) => `permit(principal, action == Action::"payments.refund", resource) when { ${body} };`;
const brackets = (depth: number) => when(`${'('.repeat(depth)}true${')'.repeat(depth)}`);
const chain = (terms: number) => when(`${Array(terms).fill('1').join(' + ')} > 0`);

test.each([
	['brackets', brackets(150), /nest \d+ deep; simplify/],
	['a chain of operators', chain(450), /449 operators; split/],
	['a long text', when(`"${'x'.repeat(40_000)}" == "x"`), /characters; split/],
])('%s', (_, text, says) => {
	expect(() => asked({ deep: text })).toThrow(says);
});

test('at the bounds a policy still decides', () => {
	expect(asked({ brackets: brackets(30), chain: chain(200) }).decide(question())).toEqual({
		verdict: 'allow',
		policies: ['brackets', 'chain'],
		errors: [],
	});
	const both = when(`${'('.repeat(30)}${Array(200).fill('1').join(' + ')}${')'.repeat(30)} > 0`);
	expect(asked({ both }).decide(question()).verdict).toBe('allow');
	const branches = when(`${'if context.approved then false else '.repeat(100)}true`);
	expect(asked({ branches }).decide(question()).verdict).toBe('allow');
});

test('brackets and dots in strings and comments are not counted', () => {
	const text = `// ${'('.repeat(200)} ${'. '.repeat(300)}\n${when(`"\\"${'([{.'.repeat(300)}" != "x"`)}`;
	expect(asked({ text }).decide(question()).verdict).toBe('allow');
});

test('control: Cedar itself does not survive the brackets', () => {
	const { schema } = cedarSchema(refundDesk({}));
	expect(() => validate({ schema, policies: { staticPolicies: { deep: brackets(150) } } })).toThrow();
	expect(() => validate({ schema, policies: { staticPolicies: {} } })).toThrow(/out of bounds/);
});
