/** What the services outside did, from their own journals. No ledger of ours has a say in it. */
import { readJournal, serviceNames } from '../../../agents/refund-desk/world/start.ts';

/** One effect. The session's name tells which attempt made it. */
export type Effect = {
	readonly tool: 'payments.refund' | 'carrier.recall' | 'mail.send';
	readonly run: string;
	readonly step: number;
	readonly attempt: number;
	readonly at: number;
	/** Whom or what it was about, as a business would count it: a charge, a parcel, an address. */
	readonly about: string;
	/** The part of the call that the service has written down. */
	readonly call: Readonly<Record<string, string | number>>;
	/** The key or reference it came with, where the service takes one. */
	readonly key: string | null;
};

export function effectsOf(worldDirectory: string): Effect[] {
	const refunds = readJournal(worldDirectory, 'payments').flatMap((line) => {
		if (line.kind !== 'refunded') return [];
		const { at, by, charge, amountCents, key } = line;
		return [{ ...whose(by), tool: 'payments.refund' as const, at, about: charge, call: { charge, amountCents }, key }];
	});
	const recalls = readJournal(worldDirectory, 'carrier').flatMap((line) => {
		if (line.kind !== 'recalled') return [];
		const { at, by, tracking, reference } = line;
		return [{ ...whose(by), tool: 'carrier.recall' as const, at, about: tracking, call: { tracking }, key: reference }];
	});
	const mails = readJournal(worldDirectory, 'mail').flatMap((line) => {
		if (line.kind !== 'sent') return [];
		const { at, by, to, subject, body } = line;
		return [{ ...whose(by), tool: 'mail.send' as const, at, about: to, call: { to, subject, body }, key: null }];
	});
	return [...refunds, ...recalls, ...mails];
}

/** Everything that any service was asked for, with the session it was asked under. */
export function sessionsOf(
	worldDirectory: string,
): { service: string; kind: string; by: { sessionName: string; accessKeyId: string } | null }[] {
	return serviceNames.flatMap((service) =>
		readJournal(worldDirectory, service).flatMap((line) => (line.kind === 'seeded' ? [] : [{ service, kind: line.kind, by: line.by }])),
	);
}

function whose(by: { sessionName: string } | null): { run: string; step: number; attempt: number } {
	const [run = 'unknown', step = '0', attempt = '0'] = by?.sessionName.split('.') ?? [];
	return { run, step: Number(step), attempt: Number(attempt) };
}
