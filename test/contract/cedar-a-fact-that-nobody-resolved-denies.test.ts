// I3. An unknown passes Cedar's check of entities (not that of contexts), and makes a forbid err.
import { expect, test } from 'vitest';
import { asked, permitAll, question } from './cedar-refund-desk.ts';

const policies = {
	...permitAll,
	disputed: 'forbid(principal, action, resource is Payment) when { resource has status && resource.status == "disputed" };',
};
const fact = (status: string | { __extn: { fn: string; arg: string } }) =>
	question({ entities: [{ uid: { type: 'Payment', id: 'p1' }, attrs: { status }, parents: [] }] });

test('a forbid that meets an unknown denies by its error', () => {
	const answer = asked(policies).decide(fact({ __extn: { fn: 'unknown', arg: 'status' } }));
	expect(answer).toMatchObject({ verdict: 'deny', policies: ['disputed'] });
	expect(answer.errors[0]).toMatch(/unknown/);
});

test('a fact, or none, is judged as written', () => {
	const { decide } = asked(policies);
	expect(decide(fact('disputed'))).toEqual({ verdict: 'deny', policies: ['disputed'], errors: [] });
	expect(decide(fact('paid')).verdict).toBe('allow');
	expect(decide(question()).verdict).toBe('allow');
});
