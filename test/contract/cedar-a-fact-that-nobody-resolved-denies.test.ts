// I3. An unknown passes Cedar's own check of entities (not that of contexts), and only a policy that meets it errs.
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { expect, test } from 'vitest';
import { cedarSchema } from '../../core/policy/schema.ts';
import { asked, permitAll, question, refundDesk } from './cedar-refund-desk.ts';

const policies = {
	...permitAll,
	disputed: 'forbid(principal, action, resource is Payment) when { resource has status && resource.status == "disputed" };',
};
const unknown = { __extn: { fn: 'unknown', arg: 'status' } };
const fact = (status: string | typeof unknown) =>
	question({ entities: [{ uid: { type: 'Payment', id: 'p1' }, attrs: { status }, parents: [] }] });

test('an unknown denies, whether or not a policy would meet it', () => {
	const denied = { verdict: 'deny', policies: [], errors: ['Payment.status: no String'] };
	expect(asked(policies).decide(fact(unknown))).toEqual(denied);
	expect(asked(permitAll).decide(fact(unknown))).toEqual(denied);
});

test('control: Cedar alone lets it pass where no policy meets it', () => {
	const { principal, action, resource, context } = fact(unknown);
	const answer = isAuthorized({
		principal,
		action,
		resource,
		context: { ...context },
		entities: [{ uid: { type: 'Payment', id: 'p1' }, attrs: { status: unknown }, parents: [] }],
		policies: { staticPolicies: permitAll },
		schema: cedarSchema(refundDesk(permitAll)).schema,
		validateRequest: true,
	});
	expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow' } });
});

test('a fact, or none, is judged as written', () => {
	const { decide } = asked(policies);
	expect(decide(fact('disputed'))).toEqual({ verdict: 'deny', policies: ['disputed'], errors: [] });
	expect(decide(fact('paid')).verdict).toBe('allow');
	expect(decide(question()).verdict).toBe('allow');
});
