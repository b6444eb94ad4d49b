/**
 * Reads CloudTrail's own files for what the stream missed: whatever signed digests pin becomes witnesses that rest on files.
 * What the digests can't vouch for is said, never guessed: an hour without a sound digest is unknown.
 *
 * A crash anywhere in here costs a reading; a witness kept twice is one witness.
 */
import type { TrailObject } from '../../core/audit/digest.ts';
import { type ChainFault, checkDigests, type TrailScope } from '../../core/audit/digest-chain.ts';
import { readEvent } from '../../core/audit/event.ts';
import type { Known } from '../../core/audit/known.ts';
import { readLogFile } from '../../core/audit/log-file.ts';
import type { Period } from '../../core/audit/periods.ts';
import type { TrailFiles, TrailKeys } from '../../core/audit/trail-ports.ts';
import type { Witness } from '../../core/audit/witness.ts';
import type { Witnesses } from '../../core/ports.ts';
import { putAll } from '../ingest/put-all.ts';

/** One region's digests. `prefix` is what stands before `AWSLogs/`, and an organisation's id after it, if any. */
export type BackfillEvent = {
	readonly account: string;
	readonly region: string;
	readonly trail: string;
	readonly prefix: string;
	readonly period: Period;
};
export type FileFault = ChainFault | { readonly is: 'log-missing' | 'log-altered' | 'log-unreadable'; readonly key: string };
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
	readonly known: Known;
	readonly remainingMs: () => number;
};

const DAY_MS = 86_400_000;
const KEYS_PER_PAGE = 1_000;
/** A day has 24 digests of a trail, and a few of backfill. */
const PAGES_PER_DAY = 4;
/** Digests come after their hour; those of backfill, with what was delivered late, up to some days. */
const LATE_DAYS = 2;
/** A period is read at once. */
export const PERIOD_MS = 7 * DAY_MS;
const RESERVE_MS = 30_000;

/** @throws what the trail's bucket, the keys or the witness store throw: the period is then asked for again. */
export async function backfill(event: BackfillEvent, around: BackfillSurroundings): Promise<BackfillAnswer> {
	const { period, account, region, trail } = event;
	const scope: TrailScope = { bucket: around.files.bucket, account, region, trail };
	const keys = await around.keys.inForce(region, { fromMs: period.fromMs - DAY_MS, toMs: period.toMs + LATE_DAYS * DAY_MS });
	const checked = checkDigests(await digestsOf(event, around.files), { scope, period, keys });
	const answer = { files: 0, events: 0, witnesses: 0, known: 0, differing: 0, poison: 0, cutShort: false };
	const faults: FileFault[] = [...checked.faults];
	for (const reference of checked.logFiles) {
		if (around.remainingMs() < RESERVE_MS) {
			answer.cutShort = true;
			break;
		}
		const read = readLogFile(await around.files.get(reference.s3Object), reference);
		if (read.is !== 'whole') {
			faults.push({ is: read.is, key: read.key });
			continue;
		}
		const { found, poison } = witnessesIn(read.records, around.known);
		const ends = await putAll(around.witnesses, found);
		answer.files += 1;
		answer.events += read.records.length;
		answer.witnesses += ends.kept;
		answer.known += ends.known;
		answer.differing += ends.differing;
		answer.poison += poison;
	}
	const sound = faults.length === checked.faults.length && answer.poison === 0 && !answer.cutShort;
	// A file that is gone may have held anything of its hours, and its name does not say how many those are.
	return { ...answer, covered: sound ? checked.covered : [], faults };
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

async function digestsOf({ account, region, prefix, period }: BackfillEvent, files: TrailFiles): Promise<TrailObject[]> {
	const objects: TrailObject[] = [];
	const last = period.toMs + LATE_DAYS * DAY_MS;
	for (let day = Math.floor(period.fromMs / DAY_MS) * DAY_MS; day <= last; day += DAY_MS) {
		const folder = `${prefix}AWSLogs/${account}/CloudTrail-Digest/${region}/${new Date(day).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
		let after: string | undefined;
		for (let page = 0; page < PAGES_PER_DAY; page += 1) {
			const listed = await files.list(folder, { after, limit: KEYS_PER_PAGE });
			for (const key of listed) {
				const object = endsWithin(key, period.fromMs) ? await files.get(key) : undefined;
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
