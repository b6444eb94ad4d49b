// What is said before the input is known must hold for every input. Policies are put together from conditions that are
// known, unknown, erring or sure; the question is then asked with inputs, resources and facts.
import { isAuthorizedPartial } from '@cedar-policy/cedar-wasm/nodejs';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { cedarSchema } from '../../core/policy/schema.ts';
import { asked, question, refundDesk, withoutInput } from './cedar-refund-desk.ts';

const atom = fc.constantFrom(
	'context.approved',
	'context.run.steps > 2',
	'context.run.steps * 9007199254740991 * 9007199254740991 > 1',
	'context.input.amountCents > 100',
	'context.input.amountCents * 9007199254740991 > 1',
	'-context.input.amountCents < 0',
	'context.input has note && context.input.note like "*x*"',
	'context.input has tags && context.input.tags.contains("x")',
	'principal is Agent',
	'resource is Payment',
	'resource is Payment in Payment::"p1"',
	'resource == Payment::"p1"',
	'resource has disputed && resource.disputed',
	'resource has status && resource.status == context.input.payment',
	'true',
	'1 == 2',
	'decimal("1.5").lessThan(decimal("2.0"))',
	'{a: context.input.amountCents}.a == 5',
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
	condition: fc.oneof(
		{ maxDepth: 3 },
		atom,
		fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
		tie('condition').map((a) => `!(${a})`),
		fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `if (${a}) then (${b}) else (${c})`),
	),
}));
const action = fc.constantFrom('action == Action::"payments.refund"', 'action in [Action::"payments.refund"]');
const policy = fc
	.record({ effect: fc.constantFrom('permit', 'permit', 'forbid'), action, kind: fc.constantFrom('when', 'unless'), condition })
	.map(({ effect, action, kind, condition }) => `${effect}(principal, ${action}, resource) ${kind} { ${condition} };`);
const policies = fc
	.array(policy, { minLength: 1, maxLength: 4 })
	.map((texts) => Object.fromEntries(texts.map((text, at) => [`policy-${at}`, text])));

const known = fc.record({ approved: fc.boolean(), run: fc.record({ steps: fc.constantFrom(0, 1, 5, 2 ** 40) }) });
const facts = fc
	.record({ disputed: fc.boolean(), status: fc.constantFrom('p1', 'paid') }, { requiredKeys: [], noNullPrototype: true })
	.map((attrs) => [{ uid: { type: 'Payment', id: 'p1' }, attrs, parents: [] }]);
const entities = fc.oneof(fc.constant([]), facts);
const input = fc.record(
	{
		payment: fc.constantFrom('p1', 'p2'),
		amountCents: fc.constantFrom(0, 5, 101, 2 ** 40, -(2 ** 40)),
		note: fc.constantFrom('x', 'y'),
		tags: fc.constantFrom<string[]>([], ['x']),
	},
	{ requiredKeys: ['payment', 'amountCents'], noNullPrototype: true },
);
const tries = fc.array(fc.record({ input, payment: fc.constantFrom('p1', 'p2') }), { minLength: 12, maxLength: 12 });
const samples = fc.record({ texts: policies, before: known, entities, tries });

test.prop([samples], { numRuns: 400 })('allow and deny hold for every input', ({ texts, before, entities, tries }) => {
	const { decide, decideWithoutInput } = asked(texts);
	const said = decideWithoutInput(withoutInput({ ...before, entities }));
	expect(Object.keys(texts)).toEqual(expect.arrayContaining([...said.policies]));
	const verdicts = tries.map((one) => decide(question({ ...before, entities, ...one })).verdict);
	if (said.verdict !== 'depends') expect(new Set(verdicts)).toEqual(new Set([said.verdict]));
});

test('control: the partial answer of Cedar alone allows what an input then denies', () => {
	const texts = {
		all: 'permit(principal, action, resource);',
		errs: 'permit(principal, action == Action::"payments.refund", resource) when { context.input.amountCents * 9007199254740991 > 1 };',
	};
	const { principal, action, context } = withoutInput();
	const partial = isAuthorizedPartial({
		principal,
		action,
		resource: null,
		context: { ...context, input: { __extn: { fn: 'unknown', arg: 'input' } } },
		entities: [],
		policies: { staticPolicies: texts },
		schema: cedarSchema(refundDesk(texts)).schema,
		validateRequest: false,
	});
	expect(partial).toMatchObject({ response: { decision: 'allow' } });
	expect(asked(texts).decide(question({ input: { payment: 'p1', amountCents: 2 ** 40 } })).verdict).toBe('deny');
	expect(asked(texts).decideWithoutInput(withoutInput())).toEqual({ verdict: 'depends', policies: ['errs'] });
});
