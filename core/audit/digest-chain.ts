/**
 * Whether CloudTrail's digests of one region are whole over a period: no hour without one, none altered, none taken out.
 * A digest is signed by itself, so what it pins stays pinned when a neighbour is missing; only that hour is unknown.
 * Backfill digests name log files that came late. They chain apart and cover no hour.
 */
import { type DigestRefusal, type LogFileReference, readDigest, type SignedDigest, type TrailKey, type TrailObject } from './digest.ts';
import { clipped, type Period, union } from './periods.ts';

/** What the digests are held to: where they have to lie, and what they have to be of. */
export type TrailScope = { readonly bucket: string; readonly account: string; readonly region: string; readonly trail: string };

export type ChainFault =
	| DigestRefusal
	/** Signed, and of another bucket, account, region or trail. */
	| { readonly is: 'foreign'; readonly key: string; readonly why: string }
	/** `by` names it as the one before, and nothing sound lies there. */
	| { readonly is: 'missing-digest'; readonly key: string; readonly by: string }
	/** `by` names another content or signature than what lies there: that one counts for nothing. */
	| { readonly is: 'broken-link'; readonly key: string; readonly by: string }
	/** No sound digest covers this part of the period. At its end it may only not have been delivered yet. */
	| { readonly is: 'gap'; readonly at: 'beginning' | 'middle' | 'end'; readonly period: Period };

export type DigestsChecked = {
	/** Parts of the period that sound digests cover, ascending and apart. */
	readonly covered: readonly Period[];
	/** Those that count, each with the log files that it pins. */
	readonly digests: readonly SignedDigest[];
	/** Every log file that a sound digest pins, once. */
	readonly logFiles: readonly LogFileReference[];
	readonly faults: readonly ChainFault[];
};

/** Checks the digests of one region, in any order. A period without faults is complete as far as AWS says so itself. */
export function checkDigests(
	objects: readonly TrailObject[],
	{ scope, period, keys }: { scope: TrailScope; period: Period; keys: readonly TrailKey[] },
): DigestsChecked {
	const faults: ChainFault[] = [];
	const sound = new Map<string, SignedDigest>();
	const refused = new Set<string>();
	for (const object of objects) {
		const read = readDigest(object, keys);
		const refusal = read.is === 'signed' ? foreign(read.digest, scope) : read;
		if (refusal) {
			faults.push(refusal);
			refused.add(object.key);
		} else if (read.is === 'signed') sound.set(read.digest.key, read.digest);
	}
	for (const digest of [...sound.values()].sort(byEnd)) {
		const fault = linkFault(digest, { sound, period });
		if (fault === undefined) continue;
		// One that is there and was refused has been told already.
		if (!refused.has(fault.key)) faults.push(fault);
		if (fault.is === 'broken-link') sound.delete(fault.key);
	}
	const digests = [...sound.values()];
	const covered = union(digests.filter(({ key }) => !isBackfill(key)).map((digest) => clipped(digest, period)));
	faults.push(...gaps(covered, period));
	const logFiles = new Map(
		digests.flatMap((digest) => digest.logFiles.map((file) => [`${file.s3Bucket}/${file.s3Object}`, file] as const)),
	);
	return { covered, digests, logFiles: [...logFiles.values()], faults };
}

export const isBackfill = (key: string): boolean => key.endsWith('_backfill.json.gz');

const byEnd = (one: SignedDigest, other: SignedDigest): number => one.toMs - other.toMs;

/** The name of a digest says whose it is: account, region, trail, the trail's home region and the end of its hour. */
const digestName = /\/(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_([A-Za-z0-9._-]+)_([a-z0-9-]+)_(\d{8}T\d{6}Z)(?:_backfill)?\.json\.gz$/;

/** `undefined` for what is no digest by its name. */
export function digestNamed(key: string): { region: string; trail: string; toMs: number; late: boolean } | undefined {
	const [, , region, trail, , end] = digestName.exec(key) ?? [];
	if (region === undefined || trail === undefined || end === undefined) return undefined;
	const toMs = Date.parse(end.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
	return Number.isFinite(toMs) ? { region, trail, toMs, late: isBackfill(key) } : undefined;
}

function foreign(digest: SignedDigest, scope: TrailScope): ChainFault | undefined {
	const [, account, region, trail, , end] = digestName.exec(digest.key) ?? [];
	const found = { bucket: digest.bucket, account: digest.account, region, trail };
	const other = (['bucket', 'account', 'region', 'trail'] as const).find((part) => found[part] !== scope[part]);
	if (other) return { is: 'foreign', key: digest.key, why: `${other} is ${found[other]}, not ${scope[other]}` };
	if (account !== digest.account || compact(digest.toMs) !== end)
		return { is: 'foreign', key: digest.key, why: 'its name says otherwise than it does' };
	return undefined;
}

const compact = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

function linkFault(
	{ key: by, previous }: SignedDigest,
	{ sound, period }: { sound: ReadonlyMap<string, SignedDigest>; period: Period },
): Extract<ChainFault, { is: 'missing-digest' | 'broken-link' }> | undefined {
	if (!previous || endsBefore(previous.key, period)) return undefined;
	const found = sound.get(previous.key);
	if (!found || found.bucket !== previous.bucket || isBackfill(found.key) !== isBackfill(by))
		return { is: 'missing-digest', key: previous.key, by };
	const same = found.sha256 === previous.sha256 && found.signature === previous.signature.toLowerCase();
	return same ? undefined : { is: 'broken-link', key: previous.key, by };
}

/** Whether a digest, by its name, ended before the period: it need not be there then. */
function endsBefore(key: string, { fromMs }: Period): boolean {
	const end = digestName.exec(key)?.[5];
	return end !== undefined && end <= compact(fromMs);
}

function gaps(covered: readonly Period[], { fromMs, toMs }: Period): ChainFault[] {
	const edges = [fromMs, ...covered.flatMap((part) => [part.fromMs, part.toMs]), toMs];
	const found: ChainFault[] = [];
	for (let index = 0; index < edges.length; index += 2) {
		const [from = 0, to = 0] = edges.slice(index, index + 2);
		const at = to === toMs ? 'end' : index === 0 ? 'beginning' : 'middle';
		if (from < to) found.push({ is: 'gap', at, period: { fromMs: from, toMs: to } });
	}
	return found;
}
