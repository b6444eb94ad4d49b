/** What each step says became of its effect, and what was seen of it (A1, S3). */
import type { Sight } from '../agent/tool.ts';
import type { StepState } from '../ledger/state.ts';
import type { Candidate } from './candidate.ts';
import { touching } from './chain-evidence.ts';
import type { Note } from './note.ts';
import type { Weighing } from './session-evidence.ts';
import { type SessionJoined, succeeded } from './sessions.ts';
import { isSight } from './sight.ts';
import { gapAt, SLACK_MS } from './terms.ts';
import type { WitnessOf } from './witness.ts';

export type EffectCounts = { witnessed: number; unwitnessable: number; open: number };
type Use = WitnessOf<'use'>;
type SeenOnce = { readonly use: Use; readonly attempt: number };

/** @param sessions those that the ledger grants for this step. */
export function effectEvidence(step: StepState, sessions: readonly SessionJoined[], weighing: Weighing, counts: EffectCounts): void {
	if (step.effect === null || step.effect === 'read' || step.attempts.length === 0) return;
	if (step.effect === 'transaction') {
		committed(step, sessions, weighing, counts);
		return;
	}
	withdrawnUsed(step, sessions, weighing);
	const expectation = weighing.expected.get(step.step) ?? { is: 'unwitnessable', why: 'undeclared' };
	if (expectation.is === 'unwitnessable') {
		counts.unwitnessable += 1;
		weighing.notes.push(note(step, 'unwitnessable', `nothing witnesses what ${step.tool} does: ${whys[expectation.why]}`));
		return;
	}
	const uses = sessions.flatMap(({ grant, uses: all }) =>
		grant?.kind === 'access' ? succeeded(all).map((use): SeenOnce => ({ use, attempt: Number(grant.attempt) })) : [],
	);
	const found = expectation.sights.map((sight) => weigh(sight, step, uses, weighing));
	if (found.every((one) => one === 'seen')) counts.witnessed += 1;
	if (found.includes('open')) counts.open += 1;
}

const whys = {
	nothing: 'its tool says that nothing can',
	undeclared: 'its tool does not say what should be seen',
	erased: "the run's key is destroyed",
	unreadable: 'its tool can no longer say what should be seen of this call',
};

function weigh(sight: Sight, step: StepState, uses: readonly SeenOnce[], weighing: Weighing): 'seen' | 'open' | 'found' | 'none' {
	const seen = uses.filter(({ use }) => isSight(sight, use));
	const what = `${sight.name} of ${sight.source}`;
	if (seen.length > 1 && step.effect !== 'replay') {
		add(weighing, step, 'duplicate-effect', { why: `${what} was seen ${seen.length} times for step ${step.step}`, uses: seen });
		return 'found';
	}
	if (seen.length > 1) weighing.notes.push(note(step, 'replayed', `${what} was seen ${seen.length} times under one key`, seen));
	const denied = seen.filter(({ attempt }) => endOf(step, attempt) === 'failed' || (step.end !== null && step.end.result !== 'done'));
	if (denied.length > 0) {
		add(weighing, step, 'contradiction', {
			why: `${what} was seen, where the ledger says that step ${step.step} or this attempt of it failed`,
			uses: denied,
		});
		return 'found';
	}
	if (seen.length > 0) return 'seen';
	if (step.end?.result !== 'done') return 'none';
	return missing(step, weighing, { what, at: step.end.at });
}

const endOf = (step: StepState, attempt: number): 'done' | 'failed' | undefined => step.attempts[attempt - 1]?.end?.result;

/** Nothing was seen of what the ledger says was done. */
function missing(step: StepState, weighing: Weighing, { what, at }: { what: string; at: number }): 'open' | 'found' {
	const { watermark, notes } = weighing;
	const from = (step.attempts[0]?.at ?? at) - SLACK_MS;
	if (at + SLACK_MS > watermark.until) notes.push(note(step, 'too-recent', `${what} may still come`));
	else if (gapAt(watermark.gaps, from, at + SLACK_MS)) notes.push(note(step, 'in-a-gap', `${what} fell into a gap, if it was`));
	else {
		add(weighing, step, 'unwitnessed-effect', { why: `step ${step.step} is recorded as done, and ${what} was never seen`, uses: [] });
		return 'found';
	}
	return 'open';
}

/** A transaction's effect is the guard's commit, under the one session that its outcome names. */
function committed(step: StepState, sessions: readonly SessionJoined[], weighing: Weighing, counts: EffectCounts): void {
	if (step.end?.result !== 'done') return;
	const commit = sessions.find(({ grant }) => grant?.kind === 'commit' && grant.entry.place === step.end?.place);
	if (!commit) return;
	if (weighing.terms.commits === 'unwitnessable') {
		counts.unwitnessable += 1;
		weighing.notes.push(note(step, 'unwitnessable', 'nothing witnesses commits here: the store tells nobody'));
		return;
	}
	if (succeeded(commit.uses).some(({ readOnly, session }) => !readOnly && session.invokedBy === null)) counts.witnessed += 1;
	else if (missing(step, weighing, { what: 'its commit', at: step.end.at }) === 'open') counts.open += 1;
}

/** What a freeze kept from being handed out was used by nobody. */
function withdrawnUsed(step: StepState, sessions: readonly SessionJoined[], weighing: Weighing): void {
	for (const { grant, uses } of sessions) {
		if (grant?.kind !== 'access') continue;
		const end = step.attempts[Number(grant.attempt) - 1]?.end;
		const entry = end ? weighing.ledger.entries.get(end.place)?.entry : undefined;
		if (entry?.kind !== 'outcome' || entry.by !== 'guard' || entry.reason !== 'frozen') continue;
		const used = succeeded(uses).map((use) => ({ use, attempt: Number(grant.attempt) }));
		if (used.length > 0)
			add(weighing, step, 'contradiction', {
				why: `attempt ${grant.attempt} of step ${step.step} was withdrawn by a freeze, and used`,
				uses: used,
			});
	}
}

function add(
	{ trust, candidates }: Weighing,
	step: StepState,
	kind: Candidate['kind'],
	{ why, uses }: { why: string; uses: readonly SeenOnce[] },
): void {
	const places = [...new Set([...step.attempts.map(({ place }) => place), ...(step.end ? [step.end.place] : [])])];
	candidates.push({
		kind,
		cause: `step ${step.step}`,
		why,
		touches: [`step ${step.step}`, ...touching(trust, places)],
		places,
		events: uses.map(({ use }) => use),
		witnessed: true,
	});
}

const note = (step: StepState, kind: Note['kind'], why: string, uses: readonly SeenOnce[] = []): Note => ({
	kind,
	why,
	session: null,
	step: step.step,
	events: uses.slice(0, 16).map(({ use }) => use.eventID),
});
