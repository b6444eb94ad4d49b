import { describe, expect, test } from 'vitest';
import { asked, withoutInput } from './cedar-refund-desk.ts';

const permit = (condition: string, resource = 'resource') =>
	`permit(principal, action == Action::"payments.refund", ${resource}) when { ${condition} };`;
const forbid = (condition: string) => `forbid(principal, action == Action::"payments.refund", resource) when { ${condition} };`;

const small = permit('context.input.amountCents <= 1000');
const cases: [string, Record<string, string>, ReturnType<typeof withoutInput>, unknown][] = [
	['nothing permits it', {}, withoutInput(), { verdict: 'deny', policies: [] }],
	[
		'only another tool is permitted',
		{ order: 'permit(principal, action == Action::"orders.get", resource);' },
		withoutInput(),
		{ verdict: 'deny', policies: [] },
	],
	['it is permitted whatever the input', { any: permit('true') }, withoutInput(), { verdict: 'allow', policies: ['any'] }],
	[
		'it is permitted on this type of resource',
		{ type: permit('true', 'resource is Payment') },
		withoutInput(),
		{ verdict: 'allow', policies: ['type'] },
	],
	['it depends on the amount', { small }, withoutInput(), { verdict: 'depends', policies: ['small'] }],
	[
		'it depends on the resource',
		{ one: permit('true', 'resource == Payment::"p1"') },
		withoutInput(),
		{ verdict: 'depends', policies: ['one'] },
	],
	[
		'approval is needed and missing, whatever the amount',
		{ approved: permit('context.input.amountCents <= 1000 && context.approved') },
		withoutInput(),
		{ verdict: 'deny', policies: [] },
	],
	[
		'approval is there',
		{ approved: permit('context.input.amountCents <= 1000 || context.approved') },
		withoutInput({ approved: true }),
		{ verdict: 'allow', policies: ['approved'] },
	],
	[
		'a counter is used up',
		{ any: permit('true'), often: forbid('context.run.steps >= 10') },
		withoutInput({ run: { steps: 10 } }),
		{ verdict: 'deny', policies: ['often'] },
	],
	[
		'a forbid is still open: the permit does not depend',
		{ any: permit('true'), large: forbid('context.input.amountCents > 1000') },
		withoutInput(),
		{ verdict: 'depends', policies: ['large'] },
	],
	[
		'a policy errs whatever the input',
		{ any: permit('true'), errs: forbid('context.run.steps * 9007199254740991 > 1') },
		withoutInput({ run: { steps: Number.MAX_SAFE_INTEGER } }),
		{ verdict: 'deny', policies: ['errs'] },
	],
	[
		'no request of this shape is valid',
		{ any: permit('true') },
		{ ...withoutInput(), resourceType: 'Order' },
		{ verdict: 'deny', policies: [] },
	],
];

describe('without an input', () => {
	test.each(cases)('%s', (_, policies, question, answer) => {
		expect(asked(policies).decideWithoutInput(question)).toEqual(answer);
	});
});

test('an input that comes along is not looked at', () => {
	const question = withoutInput();
	const context = { ...question.context, input: { payment: 'p1', amountCents: 1 } };
	expect(asked({ small }).decideWithoutInput({ ...question, context })).toEqual({ verdict: 'depends', policies: ['small'] });
});

test('when Cedar fails, it depends on everything', () => {
	const lost = { ...withoutInput(), principal: { type: 'Agent', id: '\ud800' } };
	expect(asked({ small, any: permit('true') }).decideWithoutInput(lost)).toEqual({ verdict: 'depends', policies: ['any', 'small'] });
});
