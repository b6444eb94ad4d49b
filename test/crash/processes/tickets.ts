/**
 * What the refund desk's tickets ask for and its policies let through: the most that may ever happen outside. Any
 * number of copies of the shop can be had, each with customers, orders, charges, parcels and tickets of its own.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readSeed, type Seed } from '../../../agents/refund-desk/world/seed.ts';

const example = (name: string): URL => new URL(`../../../agents/refund-desk/${name}`, import.meta.url);
const ticket = z.looseObject({ id: z.string(), customer: z.string(), order: z.string(), wants: z.array(z.string()) });
const asGiven = z.array(ticket).parse(JSON.parse(readFileSync(example('tickets.json'), 'utf8')));
type Ticket = (typeof asGiven)[number];

/** The example's tickets, and each wants a credit too: so that effects of every class are made all along. */
const tickets: readonly Ticket[] = asGiven.map((each) => ({ ...each, wants: [...new Set([...each.wants, 'credit'])] }));
export const ticketRuns: readonly string[] = tickets.map(({ id }) => id);
export const ticketsOf = (runs: readonly string[]): Ticket[] => tickets.filter(({ id }) => runs.includes(id));

/** A shop next door, the same in everything but its names, and that more of its parcels are still on their way. */
export type Shop = { readonly seed: Seed; readonly tickets: readonly Ticket[]; readonly runs: readonly string[] };

const inCopy = (name: string, copy: number): string => `${name}-c${copy}`;
/** The name in the example of what a copy calls differently. */
const original = (name: string): string => name.replace(/-c\d+(?=@|$)/, '');
/** Called back in the copies: of the example's tickets few ask for that, and an effect that can be looked up is worth meeting often. */
const calledBack: ReadonlySet<string> = new Set(['o_1001', 'o_1003', 'o_1010']);

/** So many copies of the example side by side, one world for all. */
export function shopOf(copies: number): Shop {
	const { orders } = readSeed(example('world/seed.json').pathname);
	const numbers = Array.from({ length: copies }, (_, index) => index + 1);
	const all = numbers.flatMap((copy) => tickets.map((each) => ticketIn(each, copy)));
	return {
		seed: { orders: numbers.flatMap((copy) => orders.map((order) => orderIn(order, copy))) },
		tickets: all,
		runs: all.map(({ id }) => id),
	};
}

const ticketIn = (each: Ticket, copy: number): Ticket => ({
	...each,
	id: inCopy(each.id, copy),
	customer: inCopy(each.customer, copy),
	order: inCopy(each.order, copy),
	wants: calledBack.has(each.order) ? [...each.wants, 'recall'] : each.wants,
});

function orderIn({ id, customer, charges, shipment, lines }: Seed['orders'][number], copy: number): Seed['orders'][number] {
	return {
		id: inCopy(id, copy),
		customer: { ...customer, id: inCopy(customer.id, copy), email: customer.email.replace(/(?=@)/, `-c${copy}`) },
		lines,
		charges: charges.map((charge) => ({ ...charge, id: inCopy(charge.id, copy) })),
		shipment: shipment && {
			tracking: inCopy(shipment.tracking, copy),
			status: calledBack.has(id) ? 'in-transit' : shipment.status,
		},
	};
}

/** As agents/refund-desk/README.md tells it. Two tickets ask for the lamp, and each is answered. */
const most: Readonly<Record<string, number>> = {
	'payments.refund of ch_1001': 1,
	'payments.refund of ch_1002': 1,
	'payments.refund of ch_1005': 1,
	'payments.refund of ch_1006': 1,
	'payments.refund of ch_1010': 1,
	'carrier.recall of TRK-1006': 1,
	'carrier.recall of TRK-1008': 1,
	'mail.send of anna@example.com': 1,
	'mail.send of bruno@example.com': 1,
	'mail.send of chloe@example.com': 1,
	'mail.send of dmitri@example.com': 1,
	'mail.send of elif@example.com': 2,
	'mail.send of farid@example.com': 1,
	'mail.send of hugo@example.com': 1,
	'mail.send of ines@example.com': 1,
};

const mostInCopies: Readonly<Record<string, number>> = {
	...most,
	'carrier.recall of TRK-1001': 1,
	'carrier.recall of TRK-1003': 1,
	'carrier.recall of TRK-1010': 1,
};

/** Nothing else may happen at all. */
export const mayHappen = (what: string): number => (original(what) === what ? most[what] : mostInCopies[original(what)]) ?? 0;
