/** The four services by name: what each journals, and how it is built on its journal. */
import { join } from 'node:path';
import * as z from 'zod';
import { type CarrierLine, carrier, carrierCall, carrierLine } from './carrier.ts';
import { type Journal, openJournal, readLines } from './journal.ts';
import { type MailLine, mail, mailCall, mailLine } from './mail.ts';
import { type OrdersLine, orders, ordersCall, ordersLine } from './orders.ts';
import { type PaymentsLine, payments, paymentsCall, paymentsLine } from './payments.ts';
import { readSeed } from './seed.ts';
import type { Service } from './serve.ts';
import { type By, issuerKeyFrom } from './session.ts';
import { type Call, trailed } from './trail.ts';

/** In the order of their ports. */
export const serviceNames = ['orders', 'payments', 'carrier', 'mail'] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Lines = { orders: OrdersLine; payments: PaymentsLine; carrier: CarrierLine; mail: MailLine };

/** What a service process is started with. */
export const serviceOptions = z.strictObject({
	service: z.enum(serviceNames),
	directory: z.string().min(1),
	port: z.int().min(0).max(65_535),
	seed: z.string().min(1),
	issuerPublicKey: z.string().optional(),
	keyLifeMs: z.int().min(0),
	visibleAfterMs: z.int().min(0),
	answerDelayMs: z.int().min(0).max(600_000),
	/** Where it tells what it has seen, if anywhere. */
	trail: z.string().optional(),
});
export type ServiceOptions = z.infer<typeof serviceOptions>;

/** Every whole line a service has journaled, oldest first; none when it never ran in `directory`. */
export function readJournal<N extends ServiceName>(directory: string, service: N): Lines[N][];
export function readJournal(directory: string, service: ServiceName): Lines[ServiceName][] {
	const file = journalFile(directory, service);
	switch (service) {
		case 'orders':
			return readLines(file, ordersLine);
		case 'payments':
			return readLines(file, paymentsLine);
		case 'carrier':
			return readLines(file, carrierLine);
		case 'mail':
			return readLines(file, mailLine);
	}
}

/** Rebuilds the service's state from its journal, seeding it the first time. */
export function buildService(options: ServiceOptions, now: () => number): Service {
	const service = serviceOf(options, now);
	return (request) => {
		const answer = service(request);
		// What was made has been journaled; only the word of it is kept back.
		return answer.status === 201 ? { ...answer, afterMs: options.answerDelayMs } : answer;
	};
}

function serviceOf(options: ServiceOptions, now: () => number): Service {
	const { service, directory, keyLifeMs, visibleAfterMs } = options;
	const file = journalFile(directory, service);
	const seed = () => readSeed(options.seed);
	const told = <L extends { at: number; by?: By }>(journal: Journal<L>, callOf: (line: L) => Call | undefined): Journal<L> =>
		trailed(journal, { directory: options.trail, service, callOf });
	switch (service) {
		case 'orders':
			return orders({ journal: told(openJournal(file, ordersLine), ordersCall), now, seed });
		case 'payments': {
			const issuerKey = issuerKeyFrom(options.issuerPublicKey);
			return payments({ journal: told(openJournal(file, paymentsLine), paymentsCall), now, seed, keyLifeMs, issuerKey });
		}
		case 'carrier':
			return carrier({ journal: told(openJournal(file, carrierLine), carrierCall), now, seed, visibleAfterMs });
		case 'mail':
			return mail({ journal: told(openJournal(file, mailLine), mailCall), now });
	}
}

function journalFile(directory: string, service: ServiceName): string {
	return join(directory, `${service}.ndjson`);
}
