/**
 * What a desk does that takes a crash for nothing having happened: its refund carries no key and is called a reading, so
 * that whatever was cut off is simply done again. It must never pass the checker.
 */
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const refund = defineTool({
	name: 'payments.refund',
	description: 'Pays back, and pays back again when in doubt.',
	effect: 'read',
	input: z.strictObject({ charge: z.string(), amountCents: z.int(), reason: z.string() }),
	output: z.unknown(),
	timeoutSeconds: 2,
	resource: { type: 'Charge', id: (input) => input.charge },
	run: async (input, { settings, credentials, signal }) => {
		const answer = await fetch(`${settings.PAYMENTS_URL}/refunds`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-session-token': credentials.sessionToken },
			body: JSON.stringify(input),
			signal,
		});
		return answer.json();
	},
});

export default defineAgent({
	name: 'naive-desk',
	tools: [refund],
	entities: { Charge: {} },
	settings: ['PAYMENTS_URL'],
	policies: { anything: 'permit (principal, action, resource);' },
	planner: ({ task, memory }) =>
		memory === undefined
			? { calls: [{ tool: 'payments.refund', input: task, purpose: 'as the ticket asks' }], memory: true }
			: { finish: 'refunded, as far as we know' },
});
