/**
 * What becomes of refund-desk's tickets, on every target: how each run's steps end, and what the services outside have in
 * their own journals. A person approves what waits for approval.
 */
import { readFileSync } from 'node:fs';
import { effectsOf } from '../../local/demo/outside.ts';

export type Ticket = { readonly id: string; readonly order: string; readonly customer: string; readonly text: string };

export const tickets = JSON.parse(
	readFileSync(new URL('../../agents/refund-desk/tickets.json', import.meta.url), 'utf8'),
) as readonly Ticket[];

/** A ticket's run: its steps as `tool outcome`, in order, and what was made outside, as `tool what`. */
export type Ending = { readonly steps: readonly string[]; readonly outside: readonly string[] };

const refunded = (cents: string, to: string): Ending => ({
	steps: ['orders.find done', 'payments.refund done', 'mail.send done'],
	outside: [`payments.refund ${cents} EUR`, `mail.send ${to}`],
});
const refused = (to: string): Ending => ({
	steps: ['orders.find done', 'payments.refund denied', 'mail.send done'],
	outside: [`mail.send ${to}`],
});

/** One of two tickets about one lamp gets its refund: whichever came first. */
const lamp = [refunded('20.00', 'elif@example.com'), refused('elif@example.com')];

/** By ticket, all endings that are right. */
export const endings: Readonly<Record<string, readonly Ending[]>> = {
	't-01-small-refund': [refunded('12.25', 'anna@example.com')],
	't-02-needs-approval': [refunded('129.00', 'bruno@example.com')],
	't-03-gift-card': [refused('chloe@example.com')],
	't-04-ignore-your-rules': [refused('dmitri@example.com')],
	't-05-lamp-by-mail': lamp,
	't-06-lamp-by-phone': lamp,
	't-07-all-at-once': [
		{
			steps: ['orders.find done', 'payments.refund done', 'credits.grant done', 'carrier.recall done', 'mail.send done'],
			outside: ['payments.refund 39.90 EUR', 'carrier.recall TRK-1006', 'mail.send farid@example.com'],
		},
	],
	't-08-frozen-customer': [
		{ steps: ['orders.find done', 'payments.refund denied', 'credits.grant denied', 'mail.send denied'], outside: [] },
	],
	't-09-recall': [
		{
			steps: ['orders.find done', 'carrier.recall done', 'mail.send done'],
			outside: ['carrier.recall TRK-1008', 'mail.send hugo@example.com'],
		},
	],
	't-10-too-old': [refused('ines@example.com')],
	't-11-answer-elsewhere': [
		{ steps: ['orders.find done', 'payments.refund done', 'mail.send denied'], outside: ['payments.refund 9.00 EUR'] },
	],
};

/** The services' own count for one run. */
export const outsideOf = (worldDirectory: string, run: string): string[] =>
	effectsOf(worldDirectory)
		.filter((effect) => effect.run === run)
		.map(({ tool, what }) => `${tool} ${what}`);

/** Orders as a plan has them may be made in any; what counts is which there are. */
export const sortedEnding = ({ steps, outside }: Ending): Ending => ({ steps: steps.toSorted(), outside: outside.toSorted() });
