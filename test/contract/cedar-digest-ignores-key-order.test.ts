import { expect, test } from 'vitest';
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import { defineAgent } from '../../core/agent/agent.ts';
import { cedarSchema } from '../../core/policy/schema.ts';
import { asked, entities, order, permitAll, refund, refundDesk } from './cedar-refund-desk.ts';

const a = 'permit(principal, action, resource);';
const b = 'forbid(principal, action, resource) when { context.approved };';

test('the order of policies, tools and entities changes nothing', () => {
	const there = asked({ a, b });
	const { Payment, Order } = entities;
	const back = defineAgent({ name: 'refund-desk', tools: [order, refund], entities: { Order, Payment }, policies: { b, a } });
	expect(there.digest).toMatch(/^[0-9a-f]{64}$/);
	expect(cedarPolicies({ agent: back }).digest).toBe(there.digest);
	expect(cedarPolicies({ name: 'from-evidence', schema: cedarSchema(back).schema, policies: { b, a } }).digest).toBe(there.digest);
});

test('a text, a name or the schema changes it', () => {
	const agent = refundDesk(permitAll);
	const narrower = { ...agent, tools: new Map([[order.name, order]]) };
	const digests = [permitAll, { a }, { a: b }, { a, b }, { a: b, b: a }].map((policies) => asked(policies).digest);
	expect(new Set([...digests, cedarPolicies({ agent: narrower }).digest]).size).toBe(6);
});

test('what the caller does to its objects afterwards changes no answer', () => {
	const policies: Record<string, string> = { a };
	const asking = asked(policies);
	const before = asking.digest;
	policies.a = b;
	expect(asking.digest).toBe(before);
});
