/**
 * The audit of one state directory: what issuer and services have told is taken in as CloudTrail's events are, and every run's
 * ledger is laid beside it. The same `ingest` and `reconcile` as anywhere.
 */
import { gzipSync } from 'node:zlib';
import { openSqliteAudit } from '../adapters/sqlite/audit.ts';
import type { Gap, Terms } from '../core/audit/terms.ts';
import type { PoisonPointer } from '../core/audit/trail-ports.ts';
import { type IngestCounts, ingest, type StreamRecord } from '../functions/ingest/ingest.ts';
import type { ReconcileSurroundings } from '../functions/reconcile/reconcile.ts';
import { auditRuns, type RunsAsked, type RunsAudited } from './audit-runs.ts';
import type { Desk } from './desk.ts';
import { localKnown, localRegion, readTrail } from './trail.ts';

export type DirectoryAudit = RunsAudited & { readonly taken: IngestCounts };

/** Lines that go into one record, as a subscription would put them. */
const LINES_PER_RECORD = 500;

/**
 * @param only one run; every one, and all that witnesses name, without it.
 * @throws RunNotFound, and what the one run's ports throw; of many, only what keeps them from being listed.
 */
export async function auditDirectory(desk: Desk, { only, unloaded }: RunsAsked): Promise<DirectoryAudit> {
	// Before anything is read: what happens from now on is for the next time.
	const until = desk.store.clock.now();
	const audit = openSqliteAudit({ directory: desk.path, generation: desk.store.ledger.generation });
	try {
		const { counts, poisoned } = await takeIn(desk.path, audit.witnesses);
		const watermark = { until, restsOn: 'local', gaps: poisoned.map(gapAt) } as const;
		const terms: Terms = { regions: [localRegion], watermark, commits: 'unwitnessable' };
		return { ...(await auditRuns(desk, { ...audit, terms: async () => terms }, { only, unloaded })), taken: counts };
	} finally {
		audit.close();
	}
}

type Lines = { readonly counts: IngestCounts; readonly poisoned: PoisonPointer[] };

async function takeIn(path: string, witnesses: ReconcileSurroundings['witnesses']): Promise<Lines> {
	const records = readTrail(path).flatMap(({ file, lines }) => recordsOf(file, lines));
	const poisoned: PoisonPointer[] = [];
	const { failed, counts } = await ingest(records, {
		witnesses,
		known: localKnown,
		poison: { put: async (pointer) => void poisoned.push(pointer) },
		log: ({ name, message }) => {
			throw Object.assign(new Error(message), { name });
		},
		remainingMs: () => Number.POSITIVE_INFINITY,
	});
	if (failed.length > 0) throw new Error(`${failed.length} parts of the trail could not be taken in`);
	return { counts, poisoned };
}

function recordsOf(file: string, lines: readonly string[]): StreamRecord[] {
	const records: StreamRecord[] = [];
	for (let first = 0; first < lines.length; first += LINES_PER_RECORD) {
		const logEvents = lines.slice(first, first + LINES_PER_RECORD).map((message) => ({ message }));
		const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents }), { level: 1 }).toString('base64');
		records.push({ stream: 'trail', shard: file, sequenceNumber: String(first), data });
	}
	return records;
}

/** A line that nobody can read may have been about anything, at any time. */
const gapAt = ({ shard, sequenceNumber, message, why }: PoisonPointer): Gap => {
	const line = Number(sequenceNumber) + (message ?? 0) + 1;
	return {
		from: 0,
		to: Number.POSITIVE_INFINITY,
		cause: `line ${line} of ${shard}`,
		why: `line ${line} of trail/${shard} can't be read: ${why}`,
		events: [],
	};
};
