/** Random ledgers: sequences of moves, most of them nearly right, of which the legal ones are kept. */
import * as fc from 'fast-check';
import { effects } from '../../core/ids.ts';
import type { StoredFact } from '../../core/ledger/content.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { isHeld, openAttempts, openSteps, type RunState, type StepState, stepOf } from '../../core/ledger/state.ts';
import * as say from './ledger-builder.ts';

const kinds = [
	...['intent', 'allow', 'look-up', 'deny', 'hold', 'answer', 'tool', 'late', 'target', 'guard', 'commit', 'person', 'stands'],
	...['resumed', 'checkpoint', 'frozen', 'thawed', 'closed'],
] as const;
type MoveKind = (typeof kinds)[number];

/** One move, before the state it meets is known. Each number is folded into what there is. */
export const move = fc.record({
	kind: fc.nat(999),
	step: fc.nat(7),
	attempt: fc.nat(3),
	effect: fc.constantFrom(...effects),
	good: fc.boolean(),
	/** Seldom: says the wrong thing on purpose. */
	lies: fc.nat(19).map((number) => number === 0),
	waitMs: fc.constantFrom(0, 1_000, 20_000, -3_000),
});
export type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

export const moves = (maxLength = 70): fc.Arbitrary<Move[]> => fc.array(move, { minLength: 30, maxLength, size: 'max' });

/** The ledger of the moves that were legal, and how many were. */
export const ledgerOf = (all: readonly Move[]): say.Golden =>
	all.reduce((golden, next) => say.tellIfLegal(golden, timedLineOf(next, golden.state)), opening());

/** The control: what a ledger would hold whose writers append whatever they please. */
export function lawlessEntriesOf(all: readonly Move[]): Entry[] {
	let golden = opening();
	return all.map((next) => {
		const line = timedLineOf(next, golden.state);
		const { entry } = say.entryOf(golden.state, line(golden.state));
		golden = say.tellIfLegal(golden, line);
		return entry;
	});
}

const opening = (): say.Golden => say.begun({ budget: { steps: 50, turns: 50, spend: 1_000 } });
const timedLineOf = (next: Move, state: RunState): say.Line => say.after(next.waitMs, lineOf(next, state));

function lineOf(next: Move, state: RunState): say.Line {
	const open = openSteps(state);
	// Mostly a step that is open; sometimes any, so also one that has ended, was dropped, or never was.
	const step = (next.lies ? undefined : open[next.step % Math.max(1, open.length)]?.step) ?? 1 + (next.step % (state.nextStep + 1));
	const known = stepOf(state, step);
	const attempts = known ? openAttempts(known).map(({ attempt }) => attempt) : [];
	const attempt = attempts[next.attempt % Math.max(1, attempts.length)] ?? 1 + next.attempt;
	const effect = next.lies ? next.effect : (known?.effect ?? next.effect);
	const result = next.good ? 'done' : 'failed';
	const likely = next.lies ? kinds : likelyKinds(state, known);
	switch (likely[next.kind % likely.length]) {
		case 'intent':
			return say.intent(...['a.one', 'a.two', 'a.three'].slice(0, 1 + (next.step % 3)));
		case 'allow':
			return say.granted(step, effect, { spend: next.step, ...(next.lies && { claim: { key: 'k', n: 1 } }) });
		case 'look-up':
			return say.lookedUp(step, next.lies ? [attempt] : undefined);
		case 'deny':
			return say.denied(step, 'policy', effect);
		case 'hold':
			return say.held(step, next.good ? 'approval' : 'doubt', { effect });
		case 'answer':
			return next.good ? say.approved(step) : say.refused(step);
		case 'tool':
			return say.outcome(step, {
				result,
				by: 'tool',
				attempts: [attempt],
				...(next.good && { facts: factsOf(next) }),
				...(next.lies && { contradicts: next.good }),
			});
		case 'late':
			return late(next, state);
		case 'target':
			return next.good ? say.found(step) : say.absent(step);
		case 'guard':
			return next.good ? say.superseded(step) : say.withdrawn(step, { attempts: [attempt] });
		case 'commit':
			return say.committed(step, { attempts: [attempt] });
		case 'person':
			return say.personSays(step, result);
		case 'stands':
			return say.stands(state.contradictions[0]?.step ?? step, result);
		case 'resumed':
			return say.resumed(next.good ? 'recovery' : 'answer');
		case 'checkpoint':
			return say.checkpoint(next.good ? { memory: { upTo: state.head.place } } : {});
		case 'frozen':
			return say.frozen();
		case 'thawed':
			return say.thawed();
		default:
			return say.closed(next.lies ? 'stopped' : next.good ? 'finished' : 'exhausted');
	}
}

/** What may well follow, so that random runs come far. */
function likelyKinds(state: RunState, known: StepState | undefined): readonly MoveKind[] {
	const always: MoveKind[] = ['checkpoint', 'late', 'resumed'];
	if (state.frozen) always.push('thawed', 'thawed', 'thawed');
	if (state.contradictions.length > 0) always.push('stands', 'stands', 'stands');
	if (!known || known.end) return [...always, 'intent', 'intent', 'intent', 'intent'];
	const { effect } = known;
	if (openAttempts(known).length === 0) {
		if (isHeld(known)) return [...always, 'answer', 'answer', 'answer'];
		return [...always, 'allow', 'allow', 'allow', 'allow', 'allow', 'hold', 'deny'];
	}
	const settled: MoveKind[] = known.asked ? ['target', 'target', 'target'] : ['look-up', 'look-up'];
	if (isHeld(known)) return [...always, 'tool', 'person', 'person', 'answer'];
	if (effect === 'read') return [...always, 'tool', 'tool', 'guard', 'allow'];
	if (effect === 'transaction') return [...always, 'commit', 'commit', 'guard', 'allow'];
	if (effect === 'manual') return [...always, 'tool', 'hold', 'hold', 'guard'];
	return [...always, 'tool', 'hold', ...settled, ...(effect === 'replay' ? (['allow', 'allow'] as const) : [])];
}

/** A report about any step there ever was, by an attempt of any epoch. What it says of dropped steps only a whole reading can judge. */
function late(next: Move, state: RunState): say.Line {
	const step = 1 + (next.step % Math.max(1, state.nextStep - 1));
	const result = next.good ? 'done' : 'failed';
	const known = stepOf(state, step);
	const attempts = known?.attempts.map(({ attempt }) => attempt) ?? [];
	const attempt = attempts[next.attempt % Math.max(1, attempts.length)] ?? 1;
	return say.outcome(step, { result, by: 'tool', attempts: [attempt], ...(!known && { epoch: 0, contradicts: next.lies }) });
}

const factsOf = (next: Move): StoredFact[] => [
	{ type: 'Order', id: `o-${next.step}`, attributes: { paid: next.lies, attempt: next.attempt } },
	...(next.attempt === 0 ? [{ type: 'Order', id: `o-${next.step}`, attributes: { paid: true } }] : []),
];
