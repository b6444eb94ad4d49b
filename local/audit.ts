/**
 * The audit of one state directory: what issuer and services have told is taken in as CloudTrail's events are, and every run's
 * ledger is laid beside it. The same `ingest` and `reconcile` as anywhere.
 */
import { gzipSync } from 'node:zlib';
import { openSqliteAudit } from '../adapters/sqlite/audit.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { Finding } from '../core/audit/finding.ts';
import type { Gap, Terms } from '../core/audit/terms.ts';
import type { PoisonPointer } from '../core/audit/trail-ports.ts';
import { RunNotFound } from '../core/ledger/read.ts';
import { type IngestCounts, ingest, type StreamRecord } from '../functions/ingest/ingest.ts';
import { type Audited, type ReconcileSurroundings, reconcileControl, reconcileRun } from '../functions/reconcile/reconcile.ts';
import { isControl, subjects } from '../functions/reconcile/subjects.ts';
import type { Desk } from './desk.ts';
import { loadAgent } from './load-agent.ts';
import { localKnown, localRegion, readTrail } from './trail.ts';

export type DirectoryAudit = {
	readonly runs: readonly Audited[];
	/** What could not be read, and why: nothing is concluded about it, and the others are read all the same. */
	readonly unread: readonly { readonly run: string; readonly error: unknown }[];
	/** All of this reading, in ascending order of ids; `raised` by it for the first time. */
	readonly findings: readonly Finding[];
	readonly raised: number;
	readonly taken: IngestCounts;
};

/** Lines that go into one record, as a subscription would put them. */
const LINES_PER_RECORD = 500;

/**
 * @param only one run; every one, and all that witnesses name, without it.
 * @throws RunNotFound, and what the one run's ports throw; of many, only what keeps them from being listed.
 */
export async function auditDirectory(
	desk: Desk,
	{ only, unloaded }: { only?: string | undefined; unloaded: (agent: string, error: unknown) => void },
): Promise<DirectoryAudit> {
	// Before anything is read: what happens from now on is for the next time.
	const until = desk.store.clock.now();
	const audit = openSqliteAudit({ directory: desk.path, generation: desk.store.ledger.generation });
	try {
		const { counts, poisoned } = await takeIn(desk.path, audit.witnesses);
		const watermark = { until, restsOn: 'local', gaps: poisoned.map(gapAt) } as const;
		const terms: Terms = { regions: [localRegion], watermark, commits: 'unwitnessable' };
		const around: ReconcileSurroundings = { ...audit, store: desk.store, agentOf: agentsOf(desk, unloaded), terms: async () => terms };
		const runs: Audited[] = [];
		const controls: { findings: readonly Finding[]; raised: number }[] = [];
		const unread: { run: string; error: unknown }[] = [];
		for await (const subject of only === undefined ? subjects({ runs: desk.runs, witnesses: audit.witnesses }) : [only]) {
			try {
				if (isControl(subject)) controls.push(await reconcileControl(subject, around));
				else runs.push(await reconcileRun(subject, around));
			} catch (error) {
				if (only !== undefined) throw error;
				unread.push({ run: subject, error });
			}
		}
		const [first] = runs;
		if (only !== undefined && first?.counts.entries === 0 && first.counts.witnesses === 0) throw new RunNotFound(only);
		const all = [...runs, ...controls];
		const findings = new Map(all.flatMap((one) => one.findings.map((finding) => [finding.id, finding] as const)));
		return {
			runs,
			unread,
			findings: [...findings.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
			raised: all.reduce((sum, one) => sum + one.raised, 0),
			taken: counts,
		};
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

function agentsOf(desk: Desk, unloaded: (agent: string, error: unknown) => void): ReconcileSurroundings['agentOf'] {
	const loaded = new Map<string, Promise<Agent | undefined>>();
	return (name) => {
		const known =
			loaded.get(name) ??
			loadAgent(desk.agentFolder(name) ?? name).then(
				({ agent }) => agent,
				(error: unknown) => {
					unloaded(name, error);
					return undefined;
				},
			);
		loaded.set(name, known);
		return known;
	};
}
