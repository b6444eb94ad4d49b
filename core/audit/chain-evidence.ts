/** What the chain, and those who have seen its heads, say of the ledger itself (L2, L3). */
import type { Candidate } from './candidate.ts';
import { tamperedAt } from './finding.ts';
import type { LedgerSeen } from './ledger-seen.ts';
import type { Joined, SessionJoined } from './sessions.ts';

export type Trust = {
	/** Up to this place the ledger is the one that sessions were tagged with; infinite where nothing speaks against it. */
	readonly good: number;
	/** Sessions tagged with a head that this ledger has not, or not before the entry that names them. */
	readonly strangers: ReadonlySet<string>;
	/** What their strangeness comes of: the chain, or the missing entries of which no other names the hash. */
	readonly lost: readonly string[];
};

/** Where a finding of `places` and `session` rests on more than can be trusted, it touches the chain. */
export const touching = (trust: Trust, places: readonly number[], session?: string): string[] => [
	...places.map((place) => `place ${place}`),
	...(places.some((place) => place > trust.good) ? ['chain'] : []),
	...(session !== undefined && trust.strangers.has(session) ? trust.lost : []),
];

/**
 * Each session is tagged with the head before the entry that grants it, and CloudTrail keeps the tag. So a ledger that was cut or
 * written anew, however well it links, lacks a head that was seen.
 */
export function chainEvidence(ledger: LedgerSeen, { sessions, records }: Joined): { candidates: Candidate[]; trust: Trust } {
	const candidates = [...brokenPlaces(ledger), ...records.map(changedBy)];
	const strangers = new Map<string, SessionJoined>();
	let good = -1;
	for (const session of sessions.values()) {
		const pin = pinOf(ledger, session);
		if (pin === 'unknown') strangers.set(session.id, session);
		else if (pin !== undefined) good = Math.max(good, pin);
	}
	const illegal = ledger.breaks.find(({ is }) => is === 'illegal');
	const cut =
		strangers.size > lostHeads(ledger) && ledger.entries.size > 0 && !records.some(({ place }) => place !== null && place > ledger.last);
	const missing = ledger.breaks.filter(({ is }) => is === 'missing').map(({ place }) => `place ${place}`);
	const strange = { strangers: new Set(strangers.keys()), lost: cut ? ['chain'] : missing };
	if (!cut && !illegal) return { candidates, trust: { ...strange, good: Number.POSITIVE_INFINITY } };
	const trusted = Math.min(cut ? good : Number.POSITIVE_INFINITY, (illegal?.place ?? Number.POSITIVE_INFINITY) - 1);
	candidates.push({
		kind: 'broken-chain',
		cause: `chain of ${ledger.gen}`,
		why: cut
			? `${strangers.size} sessions were tagged with a head that this ledger does not have where they stand; it can be trusted up to place ${trusted}, and was cut or written anew after that`
			: `place ${illegal?.place} may not stand where it does: ${illegal?.why}`,
		touches: ['chain'],
		places: [Math.max(0, Math.min(trusted, ledger.last))],
		events: cut ? [...strangers.values()].flatMap(({ issue }) => (issue ? [issue] : [])) : [],
		witnessed: cut,
	});
	return { candidates, trust: { ...strange, good: trusted } };
}

/** The place that this session's tag confirms; `unknown` when it is not this ledger's; `undefined` when it has no tag to tell. */
function pinOf({ heads }: LedgerSeen, { issue, grant }: SessionJoined): number | 'unknown' | undefined {
	const head = issue?.tags.head;
	if (head === undefined) return undefined;
	const place = heads.get(head);
	if (place === undefined) return 'unknown';
	if (!grant) return place;
	// A guard writes right after the head that it has read, or assumes the role anew.
	return grant.entry.prev === head ? grant.entry.place : 'unknown';
}

/** Of a stretch of missing entries only the last is named by an entry that is still there. */
const lostHeads = ({ breaks }: LedgerSeen): number => breaks.reduce((sum, { is, places }) => sum + (is === 'missing' ? places - 1 : 0), 0);

/** Whoever can put one entry can put it a thousand million places further on. What a session names of a stretch is its first place. */
const PLACES_TOUCHED = 1_000;

const brokenPlaces = ({ breaks }: LedgerSeen): Candidate[] =>
	breaks
		.filter(({ is }) => is !== 'illegal')
		.map(({ is, place, places, why }) => ({
			kind: 'tampered-entry',
			cause: tamperedAt(place),
			why,
			touches: Array.from({ length: Math.min(places, PLACES_TOUCHED) }, (_, index) => `place ${place + index}`),
			places: is === 'missing' ? [Math.max(0, place - 1), place + places] : [place],
			events: [],
			witnessed: false,
		}));

function changedBy(record: Joined['records'][number]): Candidate {
	const { place, name, by, eventID, at } = record;
	return {
		kind: 'tampered-entry',
		cause: place === null ? `event ${eventID}` : tamperedAt(place),
		why: `${name} by ${by ?? 'somebody'} at ${new Date(at).toISOString()}, which none of our functions does`,
		touches: place === null ? [] : [`place ${place}`],
		places: place === null ? [] : [place],
		events: [record],
		witnessed: true,
	};
}
