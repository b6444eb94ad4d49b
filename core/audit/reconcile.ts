/**
 * Ledger and witnesses laid side by side, both ways: every action has a decision, every effect that is claimed was seen (A1).
 * Pure: what it is given decides what it finds, in whatever order it is given, and in time linear in it.
 *
 * Witnesses are read before the ledger. A decision is durable before its session is handed out, so no session that was seen
 * in use then lacks it for having been read too early.
 * @see docs/spec/audit.md#reconciling
 */
import type { StoredEntry } from '../ledger/entry.ts';
import { type Candidate, toFindings, withPrecedence } from './candidate.ts';
import { chainEvidence } from './chain-evidence.ts';
import { effectEvidence } from './effect-evidence.ts';
import type { Finding } from './finding.ts';
import { type LedgerSeen, readLedger } from './ledger-seen.ts';
import type { Note } from './note.ts';
import { sessionEvidence, type Weighing } from './session-evidence.ts';
import { inOrder, joinSessions, type SessionJoined } from './sessions.ts';
import type { Expectation } from './sight.ts';
import { type Gap, SLACK_MS, type Terms } from './terms.ts';
import { gapFinding } from './trail.ts';
import { type Watermark, watermarkOf } from './watermark.ts';
import type { Copy, Witness } from './witness.ts';

export type Reconciled = {
	readonly run: string;
	readonly findings: readonly Finding[];
	readonly notes: readonly Note[];
	/** On what absence was concluded, and until when. */
	readonly restsOn: Copy;
	readonly until: number;
	/** `effects`: seen; that nothing can witness; that may still come or fell into a gap. */
	readonly counts: {
		readonly entries: number;
		readonly witnesses: number;
		readonly sessions: number;
		readonly effects: { readonly witnessed: number; readonly unwitnessable: number; readonly open: number };
	};
};

export type Reconciling = {
	readonly run: string;
	readonly stored: readonly StoredEntry[];
	/** All about the run, and about the trail. */
	readonly witnesses: Iterable<Witness>;
	/** What should be seen of each step's effect; a step that is not here is reported as unwitnessable. */
	readonly expected: ReadonlyMap<number, Expectation>;
	readonly terms: Terms;
};

export function reconcile({ run, stored, witnesses, expected, terms }: Reconciling): Reconciled {
	const seen = inOrder(witnesses);
	const pins = new Set(seen.flatMap((one) => (one.kind === 'issue' && one.tags.head !== undefined ? [one.tags.head] : [])));
	return reconcileSeen(readLedger(run, stored, pins), seen, { expected, terms });
}

/** The same with a ledger that was read, and witnesses that are in order, each once. */
export function reconcileSeen(
	ledger: LedgerSeen,
	seen: readonly Witness[],
	{ expected, terms }: Pick<Reconciling, 'expected' | 'terms'>,
): Reconciled {
	const joined = joinSessions(ledger, seen);
	const { candidates, trust } = chainEvidence(ledger, joined);
	const watermark = watermarkOf(ledger, seen, terms);
	const weighing: Weighing = { ledger, trust, terms, watermark, expected, candidates, notes: [] };
	const bySteps = new Map<number, SessionJoined[]>();
	for (const session of joined.sessions.values()) {
		sessionEvidence(session, weighing);
		if (!session.grant) continue;
		const others = bySteps.get(session.grant.step);
		if (others) others.push(session);
		else bySteps.set(session.grant.step, [session]);
	}
	const effects = { witnessed: 0, unwitnessable: 0, open: 0 };
	for (const step of ledger.steps.values()) effectEvidence(step, bySteps.get(step.step) ?? [], weighing, effects);
	recordedContradictions(weighing);
	candidates.push(...gapsOf(ledger, watermark));
	for (const { cause, why, events } of livedThrough(ledger, watermark.closed))
		weighing.notes.push({ kind: 'gap-closed', why: `${cause}: ${why}; files say what was lacking`, session: null, step: null, events });
	return {
		run: ledger.run,
		findings: toFindings(ledger, withPrecedence(candidates), watermark.restsOn),
		notes: weighing.notes,
		restsOn: watermark.restsOn,
		until: watermark.until,
		counts: { entries: ledger.entries.size, witnesses: seen.length, sessions: joined.sessions.size, effects },
	};
}

/** The ledger itself holds both records. An open run waits for a person; a closed one waits for nobody. */
function recordedContradictions({ ledger, candidates, notes }: Weighing): void {
	for (const { step, place } of ledger.contradictions) {
		const why = `two records of step ${step} contradict each other`;
		if (!ledger.closed) notes.push({ kind: 'contradiction-held', why, session: null, step, events: [] });
		else
			candidates.push({
				kind: 'contradiction',
				cause: `step ${step}`,
				why,
				touches: [`step ${step}`],
				places: [place],
				events: [],
				witnessed: false,
			});
	}
	for (const step of ledger.settled) {
		notes.push({ kind: 'contradiction-settled', why: `a person has said what stands of step ${step}`, session: null, step, events: [] });
	}
}

const livedThrough = (ledger: LedgerSeen, gaps: readonly Gap[]): Gap[] =>
	gaps.filter(({ from, to }) => ledger.entries.size > 0 && from <= ledger.lastAt + SLACK_MS && ledger.openedAt - SLACK_MS <= to);

const gapsOf = (ledger: LedgerSeen, { gaps, restsOn }: Watermark): Candidate[] =>
	livedThrough(ledger, gaps).map((gap) => ({
		kind: 'witness-gap',
		cause: gap.cause,
		why: gap.why,
		touches: [],
		places: [],
		events: [],
		witnessed: true,
		as: gapFinding(gap, restsOn),
	}));
