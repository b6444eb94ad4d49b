/**
 * A run's ledger as reconciling takes it: checked, with every place where it was changed or does not hold together, and
 * read on behind those places as far as entries still say something of themselves.
 * @see docs/spec/audit.md#reading-the-ledger
 */
import { isCanonical, NO_HASH, type ParsedEntry, parseStored } from '../ledger/chain.ts';
import type { Entry, EntryOf, Grant, StoredEntry } from '../ledger/entry.ts';
import type { StepState } from '../ledger/state.ts';
import { foldParsed } from '../ledger/verify.ts';

/** `changed` and `missing` name the first place of a stretch. `illegal`: it links, and may not stand there. */
export type Break = {
	readonly is: 'changed' | 'missing' | 'illegal';
	readonly place: number;
	readonly places: number;
	readonly why: string;
};
/** A session that the ledger says was granted, and to what end. */
export type GrantSeen = {
	readonly accessKeyId: string;
	readonly entry: EntryOf<'decision'> | EntryOf<'outcome'>;
	readonly hash: string;
	readonly step: number;
	/** The attempt, or how many lookups of the step were granted by then; as it stands in the session's name. */
	readonly attempt: string;
	readonly kind: 'access' | 'lookup' | 'commit';
	/** A commit's is not in the ledger: nobody but the guard ever holds it. */
	readonly grant: Grant | undefined;
};

export type LedgerSeen = {
	readonly run: string;
	readonly agent: string | undefined;
	readonly gen: string;
	readonly entries: ReadonlyMap<number, ParsedEntry>;
	/** Places by the hashes that stand there, and by those that the next entry says stood there. */
	readonly heads: ReadonlyMap<string, number>;
	readonly last: number;
	readonly openedAt: number;
	readonly lastAt: number;
	readonly breaks: readonly Break[];
	/** As far as the ledger is whole. */
	readonly steps: ReadonlyMap<number, StepState>;
	readonly closed: boolean;
	/** Steps whose records contradict each other, with the place of the first that does; and those about which a person has said what stands. */
	readonly contradictions: readonly { readonly step: number; readonly place: number }[];
	readonly settled: ReadonlySet<number>;
	readonly grants: ReadonlyMap<string, GrantSeen>;
};

/**
 * @param stored all entries of the run, in ascending order of places; places may be missing.
 * @param pins heads that sessions were tagged with: where two entries disagree and no third tells, these do.
 */
export function readLedger(run: string, stored: readonly StoredEntry[], pins: ReadonlySet<string> = new Set()): LedgerSeen {
	const { parsed, breaks } = readEntries(stored);
	breaks.push(...brokenLinks(stored, parsed, pins));
	const firstBreak = Math.min(Number.POSITIVE_INFINITY, ...breaks.map(({ place }) => place));
	// An entry that was changed says nothing.
	for (const { is, place } of breaks) if (is === 'changed') parsed.delete(place);
	const before = (limit: number): ParsedEntry[] => [...parsed.values()].filter(({ entry }) => entry.place < limit);
	const whole = foldParsed(before(firstBreak));
	const illegal: Break[] =
		whole.is === 'broken' && stored.length > 0 && firstBreak > 0 ? [{ is: 'illegal', place: whole.place, places: 1, why: whole.why }] : [];
	const folded = illegal[0] ? foldParsed(before(illegal[0].place)) : whole;
	const opened = [...parsed.values()].find(({ entry }) => entry.kind === 'opened' || entry.kind === 'checkpoint')?.entry;
	const times = [...parsed.values()].map(({ entry }) => entry.at);
	return {
		run,
		agent: opened?.kind === 'opened' ? opened.agent : undefined,
		gen: opened?.gen ?? '',
		entries: parsed,
		heads: headsOf(parsed),
		last: stored.at(-1)?.place ?? -1,
		openedAt: times.reduce((least, at) => Math.min(least, at), times[0] ?? 0),
		lastAt: times.reduce((most, at) => Math.max(most, at), 0),
		breaks: [...breaks, ...illegal].sort((left, right) => left.place - right.place),
		steps: folded.is === 'whole' ? folded.steps : new Map(),
		closed: folded.is === 'whole' && folded.state.closed !== null,
		contradictions: folded.is === 'whole' ? folded.state.contradictions : [],
		settled: new Set([...parsed.values()].flatMap(({ entry }) => (entry.kind === 'outcome' && entry.stands ? [entry.step] : []))),
		grants: grantsOf(parsed),
	};
}

function readEntries(stored: readonly StoredEntry[]): { parsed: Map<number, ParsedEntry>; breaks: Break[] } {
	const parsed = new Map<number, ParsedEntry>();
	const breaks: Break[] = [];
	let next = 0;
	for (const one of stored) {
		if (one.place > next)
			breaks.push({ is: 'missing', place: next, places: one.place - next, why: `${named(next, one.place - 1)} missing` });
		next = one.place + 1;
		const read = parseStored(one);
		if ('broken' in read)
			breaks.push({ is: 'changed', place: one.place, places: 1, why: `place ${one.place} does not hold an entry of it` });
		else if (!isCanonical(JSON.parse(one.body), one.body))
			breaks.push({ is: 'changed', place: one.place, places: 1, why: `place ${one.place} is not in canonical form` });
		else parsed.set(one.place, read);
	}
	return { parsed, breaks };
}

const named = (from: number, to: number): string => (from === to ? `place ${from} is` : `places ${from} to ${to} are`);

/**
 * A link that does not hold says that one of two entries was changed. Of the two, it is the later one if what follows it
 * does not name it either; otherwise the earlier. At the end of the chain only a pin can tell.
 */
function brokenLinks(stored: readonly StoredEntry[], parsed: ReadonlyMap<number, ParsedEntry>, pins: ReadonlySet<string>): Break[] {
	const breaks: Break[] = [];
	let skip = -1;
	for (const { place } of stored) {
		const here = parsed.get(place);
		const before = place === 0 ? NO_HASH : parsed.get(place - 1)?.hash;
		if (!here || before === undefined || place === skip || here.entry.prev === before) continue;
		const after = parsed.get(place + 1);
		const isLater = place === 0 || (after ? after.entry.prev !== here.hash : pins.has(before) && !pins.has(here.entry.prev));
		if (isLater) skip = place + 1;
		const changed = isLater ? place : place - 1;
		breaks.push({
			is: 'changed',
			place: changed,
			places: 1,
			why: `place ${place} names another entry before it than the one at place ${place - 1}`,
		});
	}
	return breaks;
}

function headsOf(parsed: ReadonlyMap<number, ParsedEntry>): Map<string, number> {
	const heads = new Map<string, number>([[NO_HASH, -1]]);
	// What stands there goes before what is said to have stood there.
	for (const [place, { entry }] of parsed) if (place > 0) heads.set(entry.prev, place - 1);
	for (const [place, { hash }] of parsed) heads.set(hash, place);
	return heads;
}

function grantsOf(parsed: ReadonlyMap<number, ParsedEntry>): Map<string, GrantSeen> {
	const grants = new Map<string, GrantSeen>();
	const lookups = new Map<number, number>();
	for (const { entry, hash } of parsed.values()) {
		const seen = grantOf(entry, hash, lookups);
		if (seen) grants.set(seen.accessKeyId, seen);
	}
	return grants;
}

function grantOf(entry: Entry, hash: string, lookups: Map<number, number>): GrantSeen | undefined {
	if (entry.kind === 'outcome' && entry.commit !== undefined) {
		const { commit: accessKeyId, step, attempts } = entry;
		return { accessKeyId, entry, hash, step, attempt: String(attempts[0]), kind: 'commit', grant: undefined };
	}
	if (entry.kind !== 'decision' || !entry.grant) return undefined;
	const { grant, step, asks, attempt } = entry;
	if (!asks) return { accessKeyId: grant.accessKeyId, entry, hash, step, attempt: String(attempt), kind: 'access', grant };
	const number = (lookups.get(step) ?? 0) + 1;
	lookups.set(step, number);
	return { accessKeyId: grant.accessKeyId, entry, hash, step, attempt: `l${number}`, kind: 'lookup', grant };
}
