/**
 * Checking a whole run: the chain over stored bytes (L2), every transition (L3), and what later records say of steps
 * that checkpoints have dropped since. Needs no key: facts apart, the fold reads envelopes.
 */
import { type ChainCheck, type ParsedEntry, parseStored, type Unparsable, verifyChain } from './chain.ts';
import type { Entry, StoredEntry } from './entry.ts';
import { fold } from './fold.ts';
import { contradicted, testified } from './fold-outcome.ts';
import { type RunState, type StepState, stepOf } from './state.ts';

export type RunCheck =
	| { is: 'whole'; state: RunState; steps: ReadonlyMap<number, StepState>; entries: Entry[] }
	| { is: 'broken'; place: number; why: string };

/** @see docs/spec/ledger.md#verifying */
export function verifyRun(run: string, stored: readonly StoredEntry[]): RunCheck {
	const chain = verifyChain(run, stored);
	return chain.is === 'broken' ? chain : foldWhole(stored);
}

/**
 * Checks a control chain: `frozen` and `thawed` in turn, of epoch 0 and without content, and nothing else.
 * @see docs/spec/ledger.md#verifying
 */
export function verifyControl(chain: string, stored: readonly StoredEntry[]): ChainCheck {
	const check = verifyChain(chain, stored);
	if (check.is === 'broken') return check;
	for (const item of stored) {
		const parsed = parseStored(item);
		if ('broken' in parsed) return { is: 'broken', place: item.place, why: parsed.broken };
		const next = item.place % 2 === 0 ? 'frozen' : 'thawed';
		const { kind, epoch, sealed } = parsed.entry;
		if (kind !== next) return { is: 'broken', place: item.place, why: `${kind} where ${next} is next` };
		if (epoch !== 0 || sealed) return { is: 'broken', place: item.place, why: 'a control chain has no epoch but 0, and no content' };
	}
	return check;
}

/** The fold of a whole run, keeping every step. */
export const foldWhole = (stored: Iterable<StoredEntry>): RunCheck => foldParsed(parsedInTurn(stored));

type Parsed = ParsedEntry | (Unparsable & { readonly place: number });
function* parsedInTurn(stored: Iterable<StoredEntry>): Generator<Parsed> {
	for (const item of stored) yield { ...parseStored(item), place: item.place };
}

/** The same of entries that were parsed already, in order of places. */
export function foldParsed(items: Iterable<Parsed>): RunCheck {
	const steps = new Map<number, StepState>();
	const entries: Entry[] = [];
	let state: RunState | undefined;
	for (const parsed of items) {
		if ('broken' in parsed) return { is: 'broken', place: parsed.place, why: parsed.broken };
		const { place } = parsed.entry;
		const late = falseTestimony(parsed.entry, state, steps);
		if (late) return { is: 'broken', place, why: late };
		const folded = fold(state, parsed.entry, parsed.hash);
		if (folded.is === 'illegal') return { is: 'broken', place, why: folded.why };
		state = folded.state;
		for (const number of touched(parsed.entry, state)) {
			const step = stepOf(state, number) ?? afterTestimony(steps.get(number), parsed.entry);
			if (step) steps.set(number, step);
		}
		entries.push(parsed.entry);
	}
	return state ? { is: 'whole', state, steps, entries } : { is: 'broken', place: 0, why: 'there is no entry' };
}

/** The steps that an entry says something about. */
export function touched(entry: Entry, state: RunState): number[] {
	if (entry.kind === 'intent') return entry.calls.map((call) => call.step);
	if (entry.kind === 'closed') return Object.keys(state.steps).map(Number);
	return 'step' in entry ? [entry.step] : [];
}

const afterTestimony = (step: StepState | undefined, entry: Entry): StepState | undefined =>
	step && entry.kind === 'outcome' ? testified(step, entry) : step;

/** What an outcome says of itself about a step that the folded state no longer holds. */
function falseTestimony(entry: Entry, state: RunState | undefined, steps: ReadonlyMap<number, StepState>): string | undefined {
	if (entry.kind !== 'outcome' || !state || stepOf(state, entry.step) || entry.stands) return undefined;
	const step = steps.get(entry.step);
	if (!step) return `an outcome of step ${entry.step}, which was never planned`;
	if (entry.attempts.some((attempt) => !step.attempts[attempt - 1])) return 'an outcome of an attempt that was never granted';
	if (entry.result === 'done' && step.effect === 'transaction') return 'a transaction is done when the guard commits it';
	return contradicted(step, entry) === (entry.contradicts === true) ? undefined : 'says falsely whether it contradicts the record';
}
