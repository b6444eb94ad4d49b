/**
 * Reads CloudTrail's own files for what the stream missed: whatever signed digests pin becomes witnesses that rest on files.
 * What the digests can't vouch for is said, never guessed: an hour without a sound digest is unknown.
 *
 * What was read, and what is lacking, is kept digest by digest, after the witnesses that it vouches for. So a crash anywhere in
 * here costs a part of a reading, and what is kept of it is true; a witness or a fact kept twice is one.
 */
import { LATE_MS } from '../../core/audit/coverage.ts';
import type { SignedDigest, TrailObject } from '../../core/audit/digest.ts';
import { type ChainFault, checkDigests, digestNamed, isBackfill, type TrailScope } from '../../core/audit/digest-chain.ts';
import { readEvent } from '../../core/audit/event.ts';
import type { Known } from '../../core/audit/known.ts';
import { readLogFile } from '../../core/audit/log-file.ts';
import { clipped, type Period, union } from '../../core/audit/periods.ts';
import { type LogFault, type LogFaultFound, stretchesMissing, stretchRead } from '../../core/audit/stretches.ts';
import type { TrailFiles, TrailKeys } from '../../core/audit/trail-ports.ts';
import type { Witness } from '../../core/audit/witness.ts';
import type { Coverage, Witnesses } from '../../core/ports.ts';
import { putAll } from '../ingest/put-all.ts';

/** One region's digests. `prefix` is what stands before `AWSLogs/`, and an organisation's id after it, if any. */
export type BackfillEvent = {
	readonly account: string;
	readonly region: string;
	readonly trail: string;
	readonly prefix: string;
	readonly period: Period;
};
export type FileFault = ChainFault | LogFault;
export type BackfillAnswer = {
	/** Parts of the period whose every log file was read. */
	readonly covered: readonly Period[];
	readonly faults: readonly FileFault[];
	readonly files: number;
	readonly events: number;
	/** New ones: the stream has missed them. */
	readonly witnesses: number;
	readonly known: number;
	/** Kept before, from a copy that said otherwise. */
	readonly differing: number;
	/** Events that nobody can read, though AWS signed for them. */
	readonly poison: number;
	/** Not everything was read before the end of the invocation: ask for less. */
	readonly cutShort: boolean;
};

export type BackfillSurroundings = {
	readonly files: TrailFiles;
	readonly keys: TrailKeys;
	readonly witnesses: Witnesses;
	readonly coverage: Coverage;
	readonly known: Known;
	readonly remainingMs: () => number;
	readonly now: () => number;
};

const DAY_MS = 86_400_000;
const KEYS_PER_PAGE = 1_000;
/** A day has 24 digests of a trail, and a few of backfill. */
const PAGES_PER_DAY = 4;
/** A period is read at once. */
export const PERIOD_MS = 7 * DAY_MS;
/** A digest comes within about an hour after its own; one that is not there by then is missing. */
export const DELIVERED_MS = 3 * 3_600_000;
const RESERVE_MS = 30_000;

/** @throws what the trail's bucket, the keys or the witness store throw: the period is then asked for again. */
export async function backfill(event: BackfillEvent, around: BackfillSurroundings): Promise<BackfillAnswer> {
	const { period, account, region, trail } = event;
	const scope: TrailScope = { bucket: around.files.bucket, account, region, trail };
	const keys = await around.keys.inForce(region, { fromMs: period.fromMs - DAY_MS, toMs: period.toMs + LATE_MS });
	const checked = checkDigests(await digestsOf(event, around.files), { scope, period, keys });
	const counts = { files: 0, events: 0, witnesses: 0, known: 0, differing: 0, poison: 0 };
	const faults: FileFault[] = [...checked.faults];
	const read: Period[] = [];
	let cutShort = false;
	for (const digest of inOrder(checked.digests)) {
		const found = await readPinned(digest, around, counts);
		cutShort = found === 'cut-short';
		if (found === 'cut-short') break;
		await around.coverage.put(stretchRead(scope, digest, found));
		faults.push(...found.map(({ fault }) => fault));
		if (found.length === 0 && !isBackfill(digest.key)) read.push(clipped(digest, period));
	}
	for (const stretch of stretchesMissing(scope, checked.faults, around.now() - DELIVERED_MS)) await around.coverage.put(stretch);
	return { ...counts, covered: union(read), faults, cutShort };
}

/** What came late first: an hour is not read whole while events of it may stand in a digest that is there and was not read. */
const inOrder = (digests: readonly SignedDigest[]): SignedDigest[] =>
	digests.toSorted((one, other) => Number(isBackfill(other.key)) - Number(isBackfill(one.key)) || one.toMs - other.toMs);

type Counts = { files: number; events: number; witnesses: number; known: number; differing: number; poison: number };

/** Every log file that one digest pins. Once it resolves, the witnesses in them are durable. */
async function readPinned(
	{ logFiles }: SignedDigest,
	{ files, witnesses, known, remainingMs }: BackfillSurroundings,
	counts: Counts,
): Promise<LogFaultFound[] | 'cut-short'> {
	const faults: LogFaultFound[] = [];
	for (const reference of logFiles) {
		if (remainingMs() < RESERVE_MS) return 'cut-short';
		const key = reference.s3Object;
		const read = readLogFile(await files.get(key), reference);
		if (read.is !== 'whole') {
			faults.push({ fault: { is: read.is, key: read.key }, reference });
			continue;
		}
		const { found, poison } = witnessesIn(read.records, known);
		const ends = await putAll(witnesses, found);
		if (poison > 0) faults.push({ fault: { is: 'log-poison', key, events: poison }, reference });
		if (ends.differing > 0) faults.push({ fault: { is: 'log-differing', key, events: ends.differing }, reference });
		counts.files += 1;
		counts.events += read.records.length;
		counts.witnesses += ends.kept;
		counts.known += ends.known;
		counts.differing += ends.differing;
		counts.poison += poison;
	}
	return faults;
}

function witnessesIn(records: readonly unknown[], known: Known): { found: Witness[]; poison: number } {
	const found: Witness[] = [];
	let poison = 0;
	for (const record of records) {
		const reading = readEvent(record, known, 'files');
		if (reading.is === 'witness') found.push(reading.witness);
		else if (reading.is === 'poison') poison += 1;
	}
	return { found, poison };
}

async function digestsOf({ account, region, trail, prefix, period }: BackfillEvent, files: TrailFiles): Promise<TrailObject[]> {
	const objects: TrailObject[] = [];
	const last = period.toMs + LATE_MS;
	for (let day = Math.floor(period.fromMs / DAY_MS) * DAY_MS; day <= last; day += DAY_MS) {
		const folder = `${prefix}AWSLogs/${account}/CloudTrail-Digest/${region}/${new Date(day).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
		let after: string | undefined;
		for (let page = 0; page < PAGES_PER_DAY; page += 1) {
			const listed = await files.list(folder, { after, limit: KEYS_PER_PAGE });
			for (const key of listed) {
				// Several trails may write to one bucket; what another signs says nothing of ours.
				const isOurs = (digestNamed(key)?.trail ?? trail) === trail;
				const object = isOurs && endsWithin(key, period.fromMs) ? await files.get(key) : undefined;
				if (object) objects.push(object);
			}
			after = listed.at(-1);
			if (listed.length < KEYS_PER_PAGE) break;
		}
	}
	return objects;
}

/** Digests that ended before the period say nothing of it. What has no end in its name is read, and told as what it is. */
function endsWithin(key: string, fromMs: number): boolean {
	const end = /_(\d{8}T\d{6}Z)(?:_backfill)?\.json\.gz$/.exec(key)?.[1];
	return end === undefined || end > new Date(fromMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
