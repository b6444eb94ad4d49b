/** What a ledger's entries say, kept by hand: they are judged without the fold. */
import type { Entry, EntryOf } from '../../core/ledger/entry.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { type Golden, RUN } from '../doubles/ledger-builder.ts';

export type Attempt = { readonly epoch: number; readonly effect: string; end: 'done' | 'failed' | undefined };
export type Step = { readonly attempts: Map<number, Attempt>; end: 'done' | 'failed' | 'denied' | undefined };
export type History = {
	readonly steps: Map<number, Step>;
	epoch: number;
	frozen: boolean;
	closed: boolean;
	readonly contradicted: Set<number>;
};

/** Why an entry should not stand after that history, if so. */
export type Look = (entry: Entry, before: History) => string | undefined;

/** Calls `look` with each entry and the history before it; what it answers is collected. */
export function violations(entries: readonly Entry[], look: Look): string[] {
	const history: History = { steps: new Map(), epoch: 0, frozen: false, closed: false, contradicted: new Set() };
	return entries.flatMap((entry) => {
		const why = look(entry, history);
		note(history, entry);
		return why === undefined ? [] : [`place ${entry.place}, ${entry.kind}: ${why}`];
	});
}

/** The entries of a run up to the first that speaks falsely of a step that a checkpoint had dropped: only a whole reading finds that. */
export function verifiedEntriesOf({ entries, stored }: Golden): readonly Entry[] {
	const check = verifyRun(RUN, stored);
	return check.is === 'broken' ? entries.slice(0, check.place) : entries;
}

export const openOf = (step: Step | undefined): number[] =>
	[...(step?.attempts ?? [])].flatMap(([number, attempt]) => (attempt.end === undefined ? [number] : []));

function note(history: History, entry: Entry): void {
	if (entry.kind === 'resumed') history.epoch = entry.epoch;
	if (entry.kind === 'frozen' || entry.kind === 'thawed') history.frozen = entry.kind === 'frozen';
	if (entry.kind === 'intent') {
		for (const { step } of entry.calls) history.steps.set(step, { attempts: new Map(), end: undefined });
	}
	if (entry.kind === 'decision') noteDecision(history.steps.get(entry.step), entry);
	if (entry.kind === 'outcome') noteOutcome(history, entry);
	if (entry.kind !== 'closed') return;
	history.closed = true;
	for (const step of history.steps.values()) if (openOf(step).length === 0) step.end ??= 'denied';
}

function noteDecision(step: Step | undefined, entry: EntryOf<'decision'>): void {
	if (!step) return;
	if (entry.verdict === 'deny') step.end ??= 'denied';
	if (entry.verdict === 'allow' && entry.attempt)
		step.attempts.set(entry.attempt, { epoch: entry.epoch, effect: entry.effect, end: undefined });
}

function noteOutcome(history: History, entry: EntryOf<'outcome'>): void {
	const step = history.steps.get(entry.step);
	if (!step) return;
	if (entry.contradicts) {
		history.contradicted.add(entry.step);
		return;
	}
	if (entry.stands) history.contradicted.delete(entry.step);
	const about = entry.stands ? [...step.attempts.keys()] : entry.attempts;
	for (const number of about) {
		const attempt = step.attempts.get(number);
		if (attempt) attempt.end = entry.stands ? entry.result : (attempt.end ?? entry.result);
	}
	if (entry.stands) step.end = entry.result;
	if (entry.result === 'done') step.end ??= 'done';
	const final = entry.by === 'tool' || entry.by === 'person' || history.closed;
	if (entry.result === 'failed' && final && openOf(step).length === 0) step.end ??= 'failed';
}
