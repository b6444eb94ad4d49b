/** Grants store credit in our own table: the guard commits these writes together with the outcome. */
import { defineTool } from 'throughline';
import * as z from 'zod';
import { amountCents, id } from './outside.ts';

export const creditsGrant = defineTool({
	name: 'credits.grant',
	description: 'Adds store credit to a customer for the trouble with one order. One credit an order.',
	effect: 'transaction',
	tables: ['credits'],
	input: z.strictObject({ customer: id, order: id, amountCents, reason: z.string().max(200) }),
	output: z.object({ grant: z.string().max(300), amountCents }),
	timeoutSeconds: 2,
	resource: { type: 'Customer', id: (input) => input.customer },
	key: (input) => input.order,
	run: async (input, { idempotencyKey, run, step }) => {
		const grant = `grant#${idempotencyKey}`;
		return {
			output: { grant, amountCents: input.amountCents },
			writes: [
				{ table: 'credits', key: input.customer, add: { cents: input.amountCents } },
				// Stands for one step: committed twice, the second time is refused as a whole.
				{
					table: 'credits',
					key: grant,
					put: { customer: input.customer, order: input.order, cents: input.amountCents, reason: input.reason, run, step },
					onlyIf: 'absent',
				},
			],
		};
	},
});
