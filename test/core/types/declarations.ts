/** Parts of tool declarations, valid each; tests leave one out or add one too many. */
import * as z from 'zod';

export const common = {
	name: 'orders.find',
	description: 'Finds an order.',
	input: z.strictObject({ order: z.string(), amountCents: z.int().default(0) }),
	output: z.object({ order: z.string(), paid: z.boolean() }),
	timeoutSeconds: 5,
	resource: { type: 'Order', id: (input: { order: string }) => input.order },
};
export const run = async (input: { order: string }) => ({ order: input.order, paid: true });
export const runTransaction = async (input: { order: string }) => ({
	output: { order: input.order, paid: true },
	writes: [{ table: 'credits', key: input.order, add: { amountCents: 1 } }],
});
export const lookup = async () => ({ absent: true }) as const;
export const visibleWithinMs = 1_000;
