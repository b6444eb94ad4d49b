/**
 * Findings: disagreements between ledger and witnesses. Each has one cause, says on what it rests and what to do next, and
 * has an id that follows from its kind and cause alone, so that it is raised once whatever order and however often.
 * @see docs/spec/audit.md#findings
 */
import * as z from 'zod';
import { digest } from '../ids.ts';
import { canonical, sha256 } from '../ledger/chain.ts';

/** In order of precedence: of two that one cause could give, the earlier is given. */
export const findingKinds = [
	'tampered-entry',
	'broken-chain',
	'witness-gap',
	'unattributed-action',
	'outside-grant',
	'duplicate-effect',
	'contradiction',
	'unwitnessed-effect',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** `critical`: somebody acted against the record or beyond it. `high`: the record may be wrong. `medium`: something is not known. */
export const severities: Readonly<Record<FindingKind, 'critical' | 'high' | 'medium'>> = {
	'tampered-entry': 'critical',
	'broken-chain': 'critical',
	'witness-gap': 'medium',
	'unattributed-action': 'critical',
	'outside-grant': 'critical',
	'duplicate-effect': 'high',
	contradiction: 'high',
	'unwitnessed-effect': 'high',
};

export const finding = z.strictObject({
	v: z.literal(1),
	/** Digest of kind, what it is about, and cause. */
	id: digest,
	kind: z.enum(findingKinds),
	severity: z.enum(['critical', 'high', 'medium']),
	/** The run, a control chain, or a name of `atLarge`. */
	about: z.string().max(64),
	/** What it is a finding of, in ids: `step 3`, `session ASIA…`, `place 17`, `chain <generation>`. */
	cause: z.string().max(200),
	/** One sentence: what disagrees with what. */
	why: z.string().max(1_000),
	/** The records it rests on, in order. There may be more than are named. */
	entries: z.array(z.strictObject({ place: z.int().min(0), hash: digest.nullable() })).max(64),
	events: z.array(z.string().max(64)).max(64),
	/** On what the conclusion rests where it rests on witnesses at all. */
	restsOn: z.enum(['stream', 'files', 'local', 'ledger']),
	/** Where to read on: a section of the runbook. */
	next: z.string().max(120),
});
export type Finding = z.infer<typeof finding>;

const RECORDS_NAMED = 64;
type Said = Pick<Finding, 'kind' | 'about' | 'cause' | 'why' | 'restsOn'> & {
	readonly entries?: Finding['entries'];
	readonly events?: readonly string[];
};

/** The one way to make a finding. */
export function findingOf({ kind, about, cause, why, restsOn, entries = [], events = [] }: Said): Finding {
	return {
		v: 1,
		id: findingId({ kind, about, cause }),
		kind,
		severity: severities[kind],
		about,
		cause,
		why,
		entries: entries.toSorted((left, right) => left.place - right.place).slice(0, RECORDS_NAMED),
		events: [...new Set(events)].sort().slice(0, RECORDS_NAMED),
		restsOn,
		next: `docs/runbook.md#${kind}`,
	};
}

export const findingId = ({ kind, about, cause }: Pick<Finding, 'kind' | 'about' | 'cause'>): string =>
	sha256(`throughline finding\n${canonical({ about, cause, kind })}`);

/** An entry changed or removed, however it was found: by its chain, by the archive or by a witness. Its place is its cause. */
export const tamperedAt = (place: number): string => `place ${place}`;
