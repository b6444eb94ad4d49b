/** Reads an order, and from payments what is left of each charge. Its facts are what the policies rest on. */
import { defineTool, type Fact } from 'throughline';
import * as z from 'zod';
import { ask, id } from './outside.ts';

const cents = z.int().min(0);
const money = z.object({ id, amountCents: cents, method: z.string().max(40) });
const order = z.object({
	id,
	customer: z.object({ id, name: z.string().max(100), email: z.string().max(200), frozen: z.boolean() }),
	lines: z.array(z.object({ name: z.string().max(100), quantity: z.int(), amountCents: cents })).max(50),
	charges: z.array(money.extend({ ageDays: z.int().min(0) })).max(10),
	shipment: z.object({ tracking: id, status: z.string().max(40) }).nullable(),
});
const liveCharge = money.extend({ remainingCents: cents });

export const foundOrder = order.extend({ charges: z.array(liveCharge.extend({ ageDays: z.int().min(0) })).max(10) });
export type FoundOrder = z.infer<typeof foundOrder>;

export const ordersFind = defineTool({
	name: 'orders.find',
	description: 'Finds an order: its customer, lines, charges with what is left of them, and shipment.',
	effect: 'read',
	input: z.strictObject({ order: id }),
	output: foundOrder,
	timeoutSeconds: 5,
	resource: { type: 'Order', id: (input) => input.order },
	facts: factsOf,
	run: async (input, context) => {
		const found = await ask({ service: 'ORDERS_URL', path: `/orders/${input.order}`, answer: order }, context);
		const charges = await Promise.all(
			found.charges.map(async (charge) => ({
				...(await ask({ service: 'PAYMENTS_URL', path: `/charges/${charge.id}`, answer: liveCharge }, context)),
				ageDays: charge.ageDays,
			})),
		);
		return { ...found, charges };
	},
});

/**
 * A policy sees the attributes of its own resource alone, so each fact carries the customer's freeze with it.
 */
function factsOf({ id: name, customer, charges, shipment }: FoundOrder): Fact[] {
	const shared = { customer: customer.id, customerFrozen: customer.frozen };
	return [
		{ type: 'Order', id: name, attributes: shared },
		{ type: 'Customer', id: customer.id, attributes: { email: customer.email, customerFrozen: customer.frozen, orders: [name] } },
		...charges.map((charge) => ({
			type: 'Charge',
			id: charge.id,
			attributes: {
				...shared,
				order: name,
				method: charge.method,
				amountCents: charge.amountCents,
				remainingCents: charge.remainingCents,
				ageDays: charge.ageDays,
			},
		})),
		...(shipment ? [{ type: 'Shipment', id: shipment.tracking, attributes: { ...shared, order: name, status: shipment.status } }] : []),
	];
}
