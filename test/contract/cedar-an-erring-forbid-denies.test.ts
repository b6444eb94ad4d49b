// I3. Cedar skips a policy that errs, so a `forbid` that overflows forbids nothing.
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { expect, test } from 'vitest';
import { entitiesOf, uidOf } from '../../adapters/cedar/wasm.ts';
import { cedarSchema } from '../../core/policy/schema.ts';
import { asked, permitAll, question, refundDesk } from './cedar-refund-desk.ts';

const policies = {
	...permitAll,
	'no-large-sums': 'forbid(principal, action == Action::"payments.refund", resource) when { context.input.amountCents * 10000 > 5000000 };',
};
const overflowing = question({ input: { payment: 'p1', amountCents: Number.MAX_SAFE_INTEGER } });

test('an overflow in a forbid is a deny that names the policy', () => {
	const answer = asked(policies).decide(overflowing);
	expect(answer).toMatchObject({ verdict: 'deny', policies: ['no-large-sums'] });
	expect(answer.errors).toEqual([expect.stringMatching(/^policy no-large-sums: integer overflow/)]);
});

test('control: the decision of Cedar alone allows it', () => {
	const { principal, action, resource, context, entities } = overflowing;
	const answer = isAuthorized({
		principal: uidOf(principal),
		action: uidOf(action),
		resource: uidOf(resource),
		context: { ...context },
		entities: entitiesOf(entities),
		policies: { staticPolicies: policies },
		schema: cedarSchema(refundDesk(policies)).schema,
		validateRequest: true,
	});
	expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow' } });
});

test('without an overflow both sides of the limit are as written', () => {
	const { decide } = asked(policies);
	expect(decide(question({ input: { payment: 'p1', amountCents: 500 } }))).toEqual({
		verdict: 'allow',
		policies: ['everything'],
		errors: [],
	});
	expect(decide(question({ input: { payment: 'p1', amountCents: 501 } }))).toEqual({
		verdict: 'deny',
		policies: ['no-large-sums'],
		errors: [],
	});
});
