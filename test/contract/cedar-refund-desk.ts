/** An agent small enough to be read whole, and questions about it, for the tests of the Cedar adapter. */
import * as z from 'zod';
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import { type AgentSpec, defineAgent } from '../../core/agent/agent.ts';
import { defineTool } from '../../core/agent/tool.ts';
import type { Json } from '../../core/ids.ts';
import type { PolicyEntity, PolicyQuestion } from '../../core/ports.ts';

export const refund = defineTool({
	name: 'payments.refund',
	description: 'Pays back.',
	effect: 'read',
	input: z.object({ payment: z.string(), amountCents: z.int(), note: z.string().optional(), tags: z.array(z.string()).optional() }),
	output: z.json(),
	timeoutSeconds: 5,
	resource: { type: 'Payment', id: (input) => input.payment },
	run: async () => null,
});
export const order = defineTool({
	name: 'orders.get',
	description: 'Reads an order.',
	effect: 'read',
	input: z.object({ order: z.string() }),
	output: z.json(),
	timeoutSeconds: 5,
	resource: { type: 'Order', id: (input) => input.order },
	run: async () => null,
});

export const entities = { Payment: { status: 'String', amountCents: 'Long', labels: 'Set', disputed: 'Bool' }, Order: {} } as const;

export const refundDesk = (policies: AgentSpec['policies']) =>
	defineAgent({ name: 'refund-desk', tools: [refund, order], entities, policies });
export const asked = (policies: AgentSpec['policies']) => cedarPolicies({ agent: refundDesk(policies) });

/** Allows everything: what it takes to see that something else denied. */
export const permitAll = { everything: 'permit(principal, action, resource);' };

const counters = { steps: 1, attempt: 1, ageSeconds: 0, spend: 0, resumed: 0 };

export function question(
	changes: { input?: Json; approved?: boolean; run?: Partial<typeof counters>; payment?: string; entities?: readonly PolicyEntity[] } = {},
): PolicyQuestion {
	const { input = { payment: 'p1', amountCents: 500 }, approved = false, run = {}, payment = 'p1' } = changes;
	return {
		principal: { type: 'Agent', id: 'refund-desk' },
		action: { type: 'Action', id: refund.name },
		resource: { type: 'Payment', id: payment },
		context: { input, approved, run: { ...counters, ...run } },
		entities: changes.entities ?? [],
	};
}

export function withoutInput(changes: Parameters<typeof question>[0] = {}) {
	const { resource, ...rest } = question(changes);
	const { input: _, ...context } = rest.context;
	return { ...rest, context, resourceType: resource.type };
}
