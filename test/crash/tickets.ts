/** What the refund desk's tickets ask for and its policies let through: the most that may ever happen outside. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const file = new URL('../../agents/refund-desk/tickets.json', import.meta.url);
const asGiven = z.array(z.looseObject({ id: z.string(), wants: z.array(z.string()) })).parse(JSON.parse(readFileSync(file, 'utf8')));
type Ticket = (typeof asGiven)[number];

/** The example's tickets, and each wants a credit too: so that effects of every class are made all along. */
const tickets: readonly Ticket[] = asGiven.map((ticket) => ({ ...ticket, wants: [...new Set([...ticket.wants, 'credit'])] }));
export const ticketRuns: readonly string[] = tickets.map(({ id }) => id);
export const ticketsOf = (runs: readonly string[]): Ticket[] => tickets.filter(({ id }) => runs.includes(id));

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

/** Nothing else may happen at all. */
export const mayHappen = (what: string): number => most[what] ?? 0;
