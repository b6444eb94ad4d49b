// Cedar is shown only those attributes of the context that some policy names. Its answers must be the ones it gives to the whole
// request, whatever the policies do with the context. The control: those answers do hang on what the context says.
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { namedOfContext } from '../../adapters/cedar/reach.ts';
import { cedarSchema } from '../../core/policy/schema.ts';
import type { PolicyQuestion } from '../../core/ports.ts';
import { asked, question, refundDesk } from './cedar-refund-desk.ts';

const atom = fc.constantFrom(
	'context.approved',
	'context["approved"]',
	'context has approved && context.approved',
	'context has input',
	'context has input.note',
	'context.input has note && context.input.note like "x*"',
	'context.input.amountCents > 100',
	'context.input.amountCents * 9007199254740991 > 1',
	'context.run.steps > 2',
	'context.run.steps * 9007199254740991 * 9007199254740991 > 1',
	'context.run == context.run',
	'context == context',
	'[context.run].contains({steps: 1, attempt: 1, ageSeconds: 0, spend: 0, resumed: 0})',
	'(if context.approved then context else context).run.steps > 2',
	'{context: context.run}.context.steps > 2',
	'{Var: "context"} == {Var: "context"}',
	'resource has disputed && resource.disputed',
	'true',
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
	condition: fc.oneof(
		{ maxDepth: 2 },
		atom,
		fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
		tie('condition').map((a) => `!(${a})`),
	),
}));
const policy = fc
	.record({ effect: fc.constantFrom('permit', 'permit', 'forbid'), kind: fc.constantFrom('when', 'unless'), condition })
	.map(({ effect, kind, condition }) => `${effect}(principal, action == Action::"payments.refund", resource) ${kind} { ${condition} };`);
const policies = fc
	.array(policy, { minLength: 1, maxLength: 3 })
	.map((texts) => Object.fromEntries(texts.map((text, at) => [`policy-${at}`, text])));
const request = fc
	.record({
		approved: fc.boolean(),
		run: fc.record({ steps: fc.constantFrom(0, 1, 5, 2 ** 40) }),
		input: fc.record(
			{ payment: fc.constant('p1'), amountCents: fc.constantFrom(0, 101, 2 ** 40), note: fc.constantFrom('x', 'y') },
			{ requiredKeys: ['payment', 'amountCents'], noNullPrototype: true },
		),
		entities: fc.constantFrom([], [{ uid: { type: 'Payment', id: 'p1' }, attrs: { disputed: true }, parents: [] }]),
	})
	.map(question);

function whole(texts: Record<string, string>, { principal, action, resource, context, entities }: PolicyQuestion) {
	const answer = isAuthorized({
		principal,
		action,
		resource,
		context: { ...context },
		entities: entities.map(({ uid, attrs }) => ({ uid, attrs: { ...attrs }, parents: [] })),
		policies: { staticPolicies: texts },
		schema: cedarSchema(refundDesk(texts)).schema,
		validateRequest: true,
	});
	if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
	const { decision, diagnostics } = answer.response;
	const erring = diagnostics.errors.map(({ policyId }) => policyId);
	return erring.length > 0
		? { verdict: 'deny', policies: erring.toSorted() }
		: { verdict: decision, policies: diagnostics.reason.toSorted() };
}

let differed = 0;
test.prop([policies, request], { numRuns: 400 })('the same verdict for the same reasons', (texts, asking) => {
	const { verdict, policies: named } = asked(texts).decide(asking);
	expect({ verdict, policies: named }).toEqual(whole(texts, asking));
	const other = whole(texts, { ...asking, context: { ...asking.context, approved: !asking.context.approved } });
	if (other.verdict !== verdict) differed += 1;
});

test('control: the answers do depend on what is named', () => {
	expect(differed).toBeGreaterThan(10);
});

describe('what counts as named', () => {
	const of = (condition: string) => namedOfContext({ it: `permit(principal, action, resource) when { ${condition} };` });
	test.each([
		['true', []],
		['context.approved', ['approved']],
		['context["run"].steps > 1', ['run']],
		['context has input.note', ['input']],
		['{Var: "context"} == {Var: "context"}', []],
	])('%s', (condition, named) => {
		expect([...(of(condition) ?? ['everything'])]).toEqual(named);
	});
	test.each(['context == context', '(if true then context else context).approved', '[context].isEmpty()'])(
		'%s: everything',
		(condition) => {
			expect(of(condition)).toBeUndefined();
		},
	);
	test('a text that does not parse: everything', () => {
		expect(namedOfContext({ it: 'permit(' })).toBeUndefined();
	});
});
