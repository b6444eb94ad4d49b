/** Orders carried out through a fault proxy until they have ended, and what is off about it. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import type { Ledger } from '../../core/ports.ts';
import { call } from '../doubles/clerk.ts';
import type { FaultPlan, ProxiedRequest } from './fault-proxy.ts';
import { installOver, type Order, type Site } from './installation.ts';
import { proxiedStore, type Retries } from './proxied-store.ts';
import { added, type FaultsFired, type ReportPart } from './report.ts';
import { type Off, whatIsOff } from './what-is-off.ts';
import { tallied } from './witness.ts';

export type Playing = {
	readonly options: DynamoOptions;
	readonly database: string;
	readonly orders: readonly Order[];
	readonly plan?: FaultPlan;
	readonly keyed?: boolean;
	readonly retries?: Retries;
	readonly naive?: Naive;
};
/** What a naive variant does otherwise than the adapter: in what it sends, or in what it makes of an answer. */
export type Naive = { readonly alter?: (client: DynamoDBClient) => void; readonly ledger?: (ledger: Ledger) => Ledger };
export type Played = { readonly site: Site; readonly off: Off; readonly requests: readonly ProxiedRequest[]; readonly fired: FaultsFired };

export async function played({ options, database, orders, plan, keyed = false, retries = 'on', naive }: Playing): Promise<Played> {
	const { store, proxy, close } = await proxiedStore(options, {
		database,
		retries,
		...(plan && { plan }),
		...(naive?.alter && { alter: naive.alter }),
	});
	const site = installOver({ ports: store, clean: dynamoStore(options), keyed, naive: naive?.ledger });
	try {
		await Promise.all(orders.map(site.begin));
		await site.sweep();
	} finally {
		// What is late arrives before anything is judged.
		await close();
	}
	return { site, off: await whatIsOff(site), requests: proxy.requests, fired: proxy.fired };
}

/** What many of them met. */
export function metBy(all: readonly Played[]): Partial<ReportPart> {
	const sum = (count: (one: Played) => number): number => all.reduce((total, one) => total + count(one), 0);
	const tallies = all.map(({ site }) => tallied(site.asked));
	const of = (which: 'ok' | 'fail' | 'unknown'): number => tallies.reduce((total, tally) => total + tally[which], 0);
	return {
		requests: sum(({ requests }) => requests.length),
		faultsFired: added(all.map(({ fired }) => fired)),
		runs: sum(({ site }) => site.orders.length),
		ok: of('ok'),
		fail: of('fail'),
		unknown: of('unknown'),
		acknowledgedWrites: sum(({ off }) => off.acknowledged),
		lostWrites: sum(({ off }) => off.lost),
		duplicated: sum(({ off }) => off.duplicated),
	};
}

const everyTool = ['file.read', 'book.post', 'pay.send', 'pay.trace', 'parcel.send', 'letter.send'];

/** One step of each effect class, about something that no other run is about. */
export const inTurn = (run: string): Order => ({ run, plans: everyTool.map((tool) => [call(tool, run, 7)]) });
export const sideBySide = (run: string): Order => ({ run, plans: [everyTool.map((tool) => call(tool, run, 7))] });
export const only = (tool: string, run: string): Order => ({ run, plans: [[call(tool, run, 7)]] });
