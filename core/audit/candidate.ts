/** A finding in the making: what it touches, so that of several that one cause gives one is kept. */
import type { ParsedEntry } from '../ledger/chain.ts';
import { type Finding, type FindingKind, findingOf } from './finding.ts';
import type { LedgerSeen } from './ledger-seen.ts';
import type { Copy, Witness } from './witness.ts';

export type Candidate = {
	readonly kind: FindingKind;
	/** Whose doing it is, in ids: the same cause is the same finding. */
	readonly cause: string;
	readonly why: string;
	/** `place 7`, `session ASIA…`, `step 3`: a finding that goes before another takes those that touch the same. */
	readonly touches: readonly string[];
	readonly places: readonly number[];
	readonly events: readonly Pick<Witness, 'eventID'>[];
	/** Whether it rests on what was, or was not, seen. */
	readonly witnessed: boolean;
	/** It is known elsewhere under this finding. */
	readonly as?: Finding;
};

/**
 * What each kind takes of what touches the same thing. A gap explains what is missing, never what was seen. Whatever rests
 * on entries that were changed, or on a chain that is not the one that was pinned, says nothing of its own.
 */
export const precedence: Readonly<Record<FindingKind, readonly FindingKind[]>> = {
	'tampered-entry': [
		'broken-chain',
		'witness-gap',
		'unattributed-action',
		'outside-grant',
		'duplicate-effect',
		'contradiction',
		'unwitnessed-effect',
	],
	'broken-chain': ['witness-gap', 'unattributed-action', 'outside-grant', 'duplicate-effect', 'contradiction', 'unwitnessed-effect'],
	'witness-gap': ['unwitnessed-effect'],
	'unattributed-action': ['outside-grant', 'duplicate-effect', 'contradiction', 'unwitnessed-effect'],
	'outside-grant': ['duplicate-effect', 'contradiction', 'unwitnessed-effect'],
	'duplicate-effect': ['contradiction', 'unwitnessed-effect'],
	contradiction: ['unwitnessed-effect'],
	'unwitnessed-effect': [],
};

/** Those that no other takes. One pass: each thing touched remembers who touches it. */
export function withPrecedence(candidates: readonly Candidate[]): Candidate[] {
	const touching = new Map<string, Set<FindingKind>>();
	for (const { kind, touches } of candidates) {
		for (const thing of touches) touching.set(thing, (touching.get(thing) ?? new Set()).add(kind));
	}
	return candidates.filter(
		({ kind, touches }) => !touches.some((thing) => [...(touching.get(thing) ?? [])].some((other) => precedence[other].includes(kind))),
	);
}

/** Findings of what is left, one a cause, whatever order the candidates are in. */
export function toFindings(ledger: LedgerSeen, candidates: readonly Candidate[], restsOn: Copy): Finding[] {
	const causes = new Map<string, Candidate[]>();
	for (const one of candidates) {
		const cause = `${one.kind} ${one.cause}`;
		const all = causes.get(cause);
		if (all) all.push(one);
		else causes.set(cause, [one]);
	}
	const findings = [...causes.values()].map((all) => {
		const [first] = all;
		if (first?.as) return first.as;
		return findingOf({
			kind: first?.kind ?? 'contradiction',
			about: ledger.run,
			cause: first?.cause ?? '',
			why: [...new Set(all.map(({ why }) => why))].sort().join('; ').slice(0, 1_000),
			entries: [...new Set(all.flatMap(({ places }) => places))].map((place) => recordAt(ledger.entries, place)),
			events: all.flatMap(({ events }) => events.map(({ eventID }) => eventID)),
			restsOn: all.some(({ witnessed }) => witnessed) ? restsOn : 'ledger',
		});
	});
	return findings.sort((left, right) => (left.id < right.id ? -1 : 1));
}

const recordAt = (entries: ReadonlyMap<number, ParsedEntry>, place: number) => ({ place, hash: entries.get(place)?.hash ?? null });
