/**
 * What an outcome makes of its attempts and its step. `failed` ends an attempt; it ends the step too when no other
 * attempt is open and the tool or a person said it. From target or guard it leaves the step to be granted again.
 * Two outcomes contradict only about the same attempt, or when a `done` follows a step's end without one.
 */
import type { EntryOf } from './entry.ts';
import { type AttemptState, isFenced, openAttempts, type RunState, type StepState, stepOf } from './state.ts';
import { type Folded, illegal, legal, withStep } from './transition.ts';

type Outcome = EntryOf<'outcome'>;

export function foldOutcome(state: RunState, entry: Outcome): Folded {
	if (entry.epoch > state.epoch) return illegal(`an outcome of epoch ${entry.epoch} in epoch ${state.epoch}`);
	const step = stepOf(state, entry.step);
	// L4: what happened in the world is evidence whoever says it; to conclude anything is for the present epoch.
	if (entry.by !== 'tool' && isFenced(state, entry.epoch))
		return illegal(`an outcome by ${entry.by} of epoch ${entry.epoch} in epoch ${state.epoch}`);
	if (!step) return foldTestimony(state, entry);
	const unknown = entry.attempts.find((attempt) => !step.attempts[attempt - 1]);
	if (unknown !== undefined) return illegal(`an outcome of attempt ${unknown}, which was never granted`);
	if (entry.stands) return foldStands(state, step, entry);
	const mayCommit = !state.frozen && !state.closed && !step.end;
	const refused = mayNotSay(step, entry, mayCommit);
	if (refused) return illegal(refused);
	const contradicts = contradicted(step, entry);
	if (contradicts !== (entry.contradicts === true))
		return illegal(contradicts ? 'contradicts the record and does not say so' : 'contradicts nothing');
	if (contradicts) return legal(contradictedBy(state, entry));
	return legal(endStep(state, endAttempts(step, entry), entry));
}

/** An outcome of a step that ended before the last checkpoint. Only a whole reading can check what it says of itself; `verifyRun` does. */
function foldTestimony(state: RunState, entry: Outcome): Folded {
	if (entry.step >= state.nextStep) return illegal(`an outcome of step ${entry.step}, which was never planned`);
	if (entry.stands) return mayNotStand(state, entry) ?? legal(withoutContradiction(state, entry));
	if (entry.by !== 'tool') return illegal(`step ${entry.step} has ended; only a tool still says what its attempt did`);
	if (entry.attempts.length !== 1) return illegal('a tool speaks for its own attempt');
	return legal(entry.contradicts ? contradictedBy(state, entry) : state);
}

/** One a step is held against the run, the first; repeating it adds nothing. */
function contradictedBy(state: RunState, entry: Outcome): RunState {
	if (state.contradictions.some((other) => other.step === entry.step)) return state;
	return { ...state, contradictions: [...state.contradictions, { step: entry.step, place: entry.place }] };
}

const withoutContradiction = (state: RunState, entry: Outcome): RunState => ({
	...state,
	contradictions: state.contradictions.filter((other) => other.step !== entry.step),
});

/** A step that checkpoints have dropped, as a late outcome leaves it. `fold` keeps no such step; whoever looks for one does. */
export function testified(step: StepState, entry: Outcome): StepState {
	if (entry.stands) return standing(step, entry);
	return contradicted(step, entry) ? step : endAttempts(step, entry);
}

/** Whether `entry` says otherwise than what is recorded of its step. */
export function contradicted(step: StepState, entry: Pick<Outcome, 'attempts' | 'result'>): boolean {
	// A read changes nothing: whatever a late one says of itself, no two records disagree about the world.
	if (step.effect === 'read') return false;
	const ended = entry.attempts.flatMap((attempt) => step.attempts[attempt - 1]?.end ?? []);
	if (ended.some((end) => end.result !== entry.result)) return true;
	return entry.result === 'done' && step.end !== null && step.end.result !== 'done';
}

/** Who may say this of whom; a reason if not. */
function mayNotSay(step: StepState, entry: Outcome, mayCommit: boolean): string | undefined {
	const open = openAttempts(step).map((attempt) => attempt.attempt);
	switch (entry.by) {
		case 'tool':
			if (entry.result === 'done' && step.effect === 'transaction') return 'a transaction is done when the guard commits it';
			return entry.attempts.length === 1 ? undefined : 'a tool speaks for its own attempt';
		case 'target':
			if (!step.asked) return 'the target was not asked';
			return entry.attempts.every((attempt) => step.asked?.attempts.includes(attempt)) ? undefined : 'the target was asked about others';
		case 'person':
			if (step.end || step.hold?.for !== 'doubt' || step.hold.answered) return `step ${step.step} is not held in doubt`;
			return sameNumbers(entry.attempts, open) ? undefined : 'a person settles all open attempts at once';
		case 'guard':
			if (entry.result === 'done' && !(step.effect === 'transaction' && entry.commit)) return 'the guard commits transactions alone';
			if (entry.result === 'done' && !mayCommit) return 'a transaction is not committed when frozen, closed or ended';
			if (entry.result === 'failed' && !harmless(step, entry)) return `a guard cannot know that a ${step.effect} attempt failed`;
			return entry.attempts.every((attempt) => open.includes(attempt)) ? undefined : 'the guard ends open attempts';
	}
}

/** S4: of its own knowledge a guard ends what could change nothing without it, or what it never handed out. */
const harmless = (step: StepState, entry: Outcome): boolean =>
	step.effect === 'read' || step.effect === 'transaction' || entry.reason === 'frozen';

function endAttempts(step: StepState, entry: Outcome): StepState {
	const end = { result: entry.result, by: entry.by, place: entry.place };
	const attempts = step.attempts.map(
		(attempt): AttemptState => (attempt.end === null && entry.attempts.includes(attempt.attempt) ? { ...attempt, end } : attempt),
	);
	const answered = entry.by === 'person' || entry.result === 'done' || attempts.every((attempt) => attempt.end !== null);
	return {
		...step,
		attempts,
		hold: step.hold && step.hold.for === 'doubt' ? { ...step.hold, answered: step.hold.answered || answered } : step.hold,
	};
}

function endStep(state: RunState, step: StepState, entry: Outcome): RunState {
	if (step.end) return withStep(state, step);
	const end = { by: entry.by, place: entry.place, at: entry.at };
	if (entry.result === 'done') return withStep(state, { ...step, end: { ...end, result: 'done' } });
	const final = entry.by === 'tool' || entry.by === 'person' || state.closed !== null;
	if (openAttempts(step).length > 0 || !final) return withStep(state, step);
	return { ...withStep(state, { ...step, end: { ...end, result: 'failed' } }), spend: state.spend - step.spend };
}

/** A person's word after a contradiction: both records stay, this one counts from here on. */
function foldStands(state: RunState, step: StepState, entry: Outcome): Folded {
	const refused = mayNotStand(state, entry);
	if (refused) return refused;
	const counted = step.end === null || step.end.result === 'done' ? step.spend : 0;
	const counts = entry.result === 'done' ? step.spend : 0;
	const settled = withStep(withoutContradiction(state, entry), standing(step, entry));
	return legal({ ...settled, spend: state.spend - counted + counts });
}

function mayNotStand(state: RunState, entry: Outcome): Folded | undefined {
	if (entry.by !== 'person') return illegal('only a person says what stands');
	if (state.contradictions.some((other) => other.step === entry.step)) return undefined;
	return illegal(`nothing about step ${entry.step} is contradicted`);
}

function standing(step: StepState, entry: Outcome): StepState {
	const end = { result: entry.result, by: entry.by, place: entry.place };
	return { ...step, attempts: step.attempts.map((attempt) => ({ ...attempt, end })), end: { ...end, at: entry.at } };
}

const sameNumbers = (left: readonly number[], right: readonly number[]): boolean =>
	left.length === right.length && left.every((number) => right.includes(number));
