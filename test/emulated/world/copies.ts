/** Tickets and orders in as many copies as there are scenarios: a charge is refunded once, whoever asks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { seed } from '../../../agents/refund-desk/world/seed.ts';
import { type Ticket, tickets } from '../../acceptance/tickets.ts';

/** One an attack, by its number. */
const ATTACKED = 60;

/** One a scenario; the first is the tickets as they stand. */
const scenarios = [
	'',
	'pay',
	'parcel',
	'mail',
	'credit',
	'rule',
	'sweep',
	'ask',
	'race',
	'twins',
	'redeploy',
	'fence',
	'naive',
	'lost',
	'clean',
	'enter',
	'closed',
] as const;
export type Copy = (typeof scenarios)[number] | `attack-${number}`;
const copies: readonly Copy[] = [...scenarios, ...Array.from({ length: ATTACKED }, (_, index) => `attack-${index}` as const)];

export const isAttacked = (run: string): boolean => /-attack-\d+$/.test(run);

const marked = (id: string, copy: Copy): string => (copy === '' ? id : `${id}-${copy}`);

export function ticketOf(id: string, copy: Copy): Ticket {
	const found = tickets.find((ticket) => ticket.id === id);
	if (!found) throw new Error(`there is no ticket ${id}`);
	return { ...found, id: marked(id, copy), order: marked(found.order, copy), customer: marked(found.customer, copy) };
}

export function writeSeed(file: string): void {
	const { orders } = seed.parse(JSON.parse(readFileSync(new URL('../../../agents/refund-desk/world/seed.json', import.meta.url), 'utf8')));
	const copied = copies.flatMap((copy) =>
		orders.map((order) => ({
			...order,
			id: marked(order.id, copy),
			customer: { ...order.customer, id: marked(order.customer.id, copy) },
			charges: order.charges.map((charge) => ({ ...charge, id: marked(charge.id, copy) })),
			shipment: order.shipment && { ...order.shipment, tracking: marked(order.shipment.tracking, copy) },
		})),
	);
	writeFileSync(file, JSON.stringify({ orders: copied }));
}
