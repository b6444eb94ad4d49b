/** Calls a parcel back. The carrier takes any number of recalls, but can be asked for one by its reference. */
import { defineTool } from 'throughline';
import * as z from 'zod';
import { ask, id } from './outside.ts';

const recalled = z.object({ recall: z.string().max(80), tracking: id });

export const carrierRecall = defineTool({
	name: 'carrier.recall',
	description: 'Asks the carrier to bring a parcel back that is still on its way.',
	effect: 'lookup',
	fencedBy: 'runtime',
	// The carrier hides a new recall for 400 ms.
	visibleWithinMs: 600,
	input: z.strictObject({ tracking: id }),
	output: recalled,
	timeoutSeconds: 2,
	resource: { type: 'Shipment', id: (input) => input.tracking },
	key: (input) => input.tracking,
	witnessedBy: (input, { idempotencyKey }) => [
		{ source: 'carrier.refund-desk', name: 'CreateRecall', request: { id: input.tracking, reference: idempotencyKey } },
	],
	run: (input, context) =>
		ask({ service: 'CARRIER_URL', path: '/recalls', body: { ...input, reference: context.idempotencyKey }, answer: recalled }, context),
	lookup: async (_input, context) => {
		const path = `/recalls?reference=${encodeURIComponent(context.idempotencyKey)}`;
		try {
			const { recalls } = await ask({ service: 'CARRIER_URL', path, answer: z.object({ recalls: z.array(recalled).max(20) }) }, context);
			return recalls[0] ? { found: recalls[0] } : { absent: true };
		} catch (error) {
			// Whatever went wrong with asking says nothing about the recall.
			return { unknown: error instanceof Error ? error.message : String(error) };
		}
	},
});
