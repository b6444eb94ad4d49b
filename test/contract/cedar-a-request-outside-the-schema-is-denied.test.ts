// I3. The policies here permit everything, so only the schema can deny.
import { describe, expect, test } from 'vitest';
import type { PolicyQuestion } from '../../core/ports.ts';
import { asked, permitAll, question } from './cedar-refund-desk.ts';

const { decide } = asked(permitAll);
const good = question();
const payment = (attrs: PolicyQuestion['entities'][number]['attrs']) => [{ uid: { type: 'Payment', id: 'p1' }, attrs, parents: [] }];

const outside: Record<string, PolicyQuestion> = {
	'an unknown action': { ...good, action: { type: 'Action', id: 'payments.steal' } },
	'an action of another type': { ...good, action: { type: 'Tool', id: 'payments.refund' } },
	'a resource of another action': { ...good, resource: { type: 'Order', id: 'o1' } },
	'a principal that is no agent': { ...good, principal: { type: 'Payment', id: 'p1' } },
	'no context': { ...good, context: {} },
	'a missing input attribute': question({ input: { payment: 'p1' } }),
	'an attribute too many': question({ input: { payment: 'p1', amountCents: 1, admin: true } }),
	'a string for a Long': question({ input: { payment: 'p1', amountCents: '1' } }),
	'a fraction for a Long': question({ input: { payment: 'p1', amountCents: 1.5 } }),
	'a number beyond i64': question({ input: { payment: 'p1', amountCents: 1e19 } }),
	'null for an optional attribute': question({ input: { payment: 'p1', amountCents: 1, note: null } }),
	'an unknown value': question({ input: { payment: 'p1', amountCents: 1, note: { __extn: { fn: 'unknown', arg: 'x' } } } }),
	'an entity for a string': question({ input: { payment: 'p1', amountCents: 1, note: { __entity: { type: 'Agent', id: 'x' } } } }),
	'an undeclared attribute of a fact': question({ entities: payment({ bogus: 1 }) }),
	'a fact twice': question({ entities: [...payment({}), ...payment({ status: 'paid' })] }),
	'a fact of an undeclared type': question({ entities: [{ uid: { type: 'Wallet', id: 'w' }, attrs: {}, parents: [] }] }),
	'a parent that the schema does not know': question({
		entities: [{ uid: { type: 'Payment', id: 'p1' }, attrs: {}, parents: [{ type: 'Order', id: 'o1' }] }],
	}),
};

describe('denied, with an error', () => {
	test.each(Object.entries(outside))('%s', (_, request) => {
		const answer = decide(request);
		expect(answer.verdict).toBe('deny');
		expect(answer.errors).not.toEqual([]);
	});
});

test('control: the same request inside the schema is allowed', () => {
	expect(decide(good)).toEqual({ verdict: 'allow', policies: ['everything'], errors: [] });
	const facts = payment({ status: 'paid', amountCents: 5, labels: ['a'], disputed: false, ageSeconds: 3 });
	expect(decide(question({ entities: facts }))).toEqual({ verdict: 'allow', policies: ['everything'], errors: [] });
});
