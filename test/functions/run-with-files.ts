/** A run in memory, what AWS saw of it, and the trail's files around it, to be read by `backfill` and judged by `reconcile`. */
import { memoryAudit } from '../../adapters/memory/audit.ts';
import type { TrailObject } from '../../core/audit/digest.ts';
import type { TrailFiles } from '../../core/audit/trail-ports.ts';
import { epochMs } from '../../core/ids.ts';
import { type BackfillAnswer, backfill } from '../../functions/backfill/backfill.ts';
import { ingest } from '../../functions/ingest/ingest.ts';
import { type Audited, reconcileRun } from '../../functions/reconcile/reconcile.ts';
import { call, clerk, clerkTools, plans } from '../doubles/clerk.ts';
import { type Event, known, REGION } from '../doubles/cloudtrail.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { eventsOf } from '../doubles/trail.ts';
import { streamData, streamRecord } from '../doubles/trail-events.ts';
import { bucketOf, content, type Digest, HOUR, logFile, pair, scope, signed, trailKey } from '../doubles/trail-files.ts';

const sight = (key: string) => ({ source: 'parcel.example.net', name: 'Act', request: { idempotencyKey: key } });
export const isParcel = ({ eventSource }: Event): boolean => eventSource === 'parcel.example.net';

/** One effect in a transaction, and one that somebody else's service tells of. */
export async function livedRun() {
	const outside = outsideWorld();
	const witnessedBy = (_: unknown, { idempotencyKey }: { idempotencyKey: string }) => [sight(idempotencyKey)];
	const tools = clerkTools(outside).map((tool) => (tool.name === 'parcel.send' ? { ...tool, witnessedBy } : tool));
	const agent = clerk(outside, { tools });
	const desk = install({ agent });
	let at = 0;
	outside.meanwhile = () => {
		at = desk.clock.now();
	};
	await desk.run(plans([call('book.post')], [call('parcel.send')]));
	const calls = outside.arrived.filter(({ sink }) => sink === 'parcel').map((effect) => ({ effect, at, refused: false }));
	const entries = desk.entries();
	return { desk, agent, events: eventsOf({ issued: desk.issuer.issued, calls, entries }), openedAt: entries[0]?.at ?? 0 };
}
export type LivedRun = Awaited<ReturnType<typeof livedRun>>;

export type Files = { readonly digests: readonly Digest[]; readonly logs: readonly TrailObject[] };
/** Digests that end at any minute, as real ones do; the run lives in the second hour's, and its events lie in two log files of it. */
export function filesOf({ events, openedAt }: LivedRun): Files {
	const from = openedAt - 1.5 * HOUR;
	const half = Math.ceil(events.length / 2);
	const logs = [events.slice(0, half), events.slice(half)].map((some, nth) => logFile(openedAt + (nth + 1) * 300_000, some, `part${nth}`));
	const digests: Digest[] = [];
	for (const hour of [1, 2, 3, 4]) {
		const endMs = Math.floor((from + hour * HOUR) / 1_000) * 1_000;
		digests.push(signed(content(endMs, { previous: digests.at(-1), logs: hour === 2 ? logs : [] })));
	}
	return { digests, logs };
}
export const objectsIn = ({ digests, logs }: Files): TrailObject[] => [...digests.map(({ object }) => object), ...logs];

/** What takes the stream in, reads files and judges. */
export function auditOf({ desk, agent, openedAt }: LivedRun, audit = memoryAudit()) {
	const period = { fromMs: openedAt - HOUR, toMs: openedAt + 2 * HOUR };
	const keys = { inForce: async () => [{ ...trailKey(pair.publicKey), validFromMs: 0, validToMs: 4e12 }] };
	return {
		audit,
		stream: async (events: readonly Event[]) => {
			const quiet = { poison: { put: async () => {} }, known, log: () => {}, remainingMs: () => 60_000 };
			await ingest([streamRecord(streamData(events))], { ...quiet, witnesses: audit.witnesses });
		},
		backfill: (files: readonly TrailObject[] | TrailFiles, { hoursAfter = 48 } = {}): Promise<BackfillAnswer> => {
			const { bucket: _, ...place } = scope;
			const read = 'get' in files ? files : bucketOf(files);
			const around = { ...audit, files: read, keys, known, remainingMs: () => 600_000, now: () => openedAt + hoursAfter * HOUR };
			return backfill({ ...place, prefix: '', period }, around);
		},
		reconcile: ({ minutesAfter = 60 } = {}): Promise<Audited> => {
			const until = epochMs.parse(openedAt + minutesAfter * 60_000);
			const terms = async () => ({ regions: [REGION], watermark: { until, restsOn: 'stream' as const }, commits: 'witnessed' as const });
			return reconcileRun(RUN, { ...audit, store: desk.operator.store, agentOf: async () => agent, terms });
		},
	};
}
