/** Refunds a charge. Payments honours our key for 24 hours and checks our session's expiry. */
import { defineTool } from 'throughline';
import * as z from 'zod';
import { amountCents, ask, id } from './outside.ts';

export const refundReceipt = z.object({ refund: z.string().max(80), charge: id, amountCents });

export const paymentsRefund = defineTool({
	name: 'payments.refund',
	description: 'Pays back part or all of a charge. One refund a charge.',
	effect: 'replay',
	keyHonouredForMs: 24 * 3_600_000,
	fencedBy: 'credentials',
	input: z.strictObject({ charge: id, amountCents, reason: z.string().max(200) }),
	output: refundReceipt,
	timeoutSeconds: 2,
	resource: { type: 'Charge', id: (input) => input.charge },
	key: (input) => input.charge,
	spend: (input) => input.amountCents,
	witnessedBy: (input, { idempotencyKey }) => [
		{ source: 'payments.refund-desk', name: 'CreateRefund', request: { id: input.charge, idempotencyKey } },
	],
	run: (input, context) =>
		ask(
			{
				service: 'PAYMENTS_URL',
				path: '/refunds',
				body: input,
				headers: { 'idempotency-key': context.idempotencyKey },
				answer: refundReceipt,
			},
			context,
		),
});
