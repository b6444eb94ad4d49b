/** What the outside world did, from its own journals: the count that no ledger of ours can talk itself out of. */
import { readJournal } from '../../agents/refund-desk/world/start.ts';

/** One effect as a service journaled it. The session's name tells which attempt made it. */
export type Effect = {
	service: string;
	tool: string;
	run: string;
	step: number;
	attempt: number;
	at: number;
	what: string;
	charge?: string;
	amountCents?: number;
};

export function effectsOf(worldDirectory: string): Effect[] {
	const refunds = readJournal(worldDirectory, 'payments').flatMap((line) =>
		line.kind === 'refunded'
			? [
					{
						...whose(line.by),
						service: 'payments',
						tool: 'payments.refund',
						at: line.at,
						what: euros(line.amountCents),
						charge: line.charge,
						amountCents: line.amountCents,
					},
				]
			: [],
	);
	const recalls = readJournal(worldDirectory, 'carrier').flatMap((line) =>
		line.kind === 'recalled' ? [{ ...whose(line.by), service: 'carrier', tool: 'carrier.recall', at: line.at, what: line.tracking }] : [],
	);
	const messages = readJournal(worldDirectory, 'mail').flatMap((line) =>
		line.kind === 'sent' ? [{ ...whose(line.by), service: 'mail', tool: 'mail.send', at: line.at, what: line.to }] : [],
	);
	return [...refunds, ...recalls, ...messages];
}

/** Refunds asked for again under a key that payments knew: it answered the first one, and moved no money. */
export const replaysOf = (worldDirectory: string): number =>
	readJournal(worldDirectory, 'payments').filter((line) => line.kind === 'replayed').length;

function whose(by: { sessionName: string } | null): { run: string; step: number; attempt: number } {
	const [run = 'unknown', step = '0', attempt = '0'] = by?.sessionName.split('.') ?? [];
	return { run, step: Number(step), attempt: Number(attempt) };
}

export const euros = (cents: number): string => `${(cents / 100).toFixed(2)} EUR`;
