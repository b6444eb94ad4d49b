/** Everything a guard may be asked: the cross product of what matters to it. */
import { ATTEMPTS_PER_STEP, LOOKUPS_PER_STEP } from '../../core/bounds.ts';
import { type Effect, effects, epochMs } from '../../core/ids.ts';
import type { RunState } from '../../core/ledger/state.ts';
import type { Opinion } from '../../core/policy/opinion.ts';
import type { Asked, Verdict } from '../../core/step/judge.ts';
import {
	absent,
	after,
	approved,
	closed,
	failed,
	type Golden,
	granted,
	held,
	intent,
	type Line,
	lookedUp,
	refused,
	resumed,
	tellOn,
	told,
	withdrawn,
} from '../doubles/ledger-builder.ts';
import { MARGIN_MS, opinions } from './stories/story.ts';

export const KEY_MS = 60_000;
export const VISIBLE_MS = 3_000;
/** The attempts of one step, and what is asked of a person about it. */
const shapes: Readonly<Record<string, (effect: Effect) => readonly Line[]>> = {
	undecided: () => [],
	cut: (effect) => [granted(1, effect)],
	'cut twice': (effect) => [granted(1, effect, { windowMs: 30_000 }), ...again(effect)],
	'first failed': (effect) => [granted(1, effect), withdrawn(1), granted(1)],
	'all failed': (effect) => [granted(1, effect), withdrawn(1)],
	'attempts used up': (effect) => [
		granted(1, effect),
		...Array.from({ length: ATTEMPTS_PER_STEP - 1 }, () => [withdrawn(1), granted(1)]).flat(),
	],
	'held for approval': (effect) => [held(1, 'approval', { effect })],
	approved: (effect) => [held(1, 'approval', { effect }), approved(1)],
	refused: (effect) => [held(1, 'approval', { effect }), refused(1)],
	'held in doubt': (effect) => [granted(1, effect), ...(isDoubtful(effect) ? [held(1, 'doubt')] : [])],
	'asked often': (effect) => [
		granted(1, effect),
		...(canLookUp(effect) ? Array.from({ length: LOOKUPS_PER_STEP }, () => lookedUp(1)) : []),
	],
	'looked up, absent': (effect) => [granted(1, effect), ...(canLookUp(effect) ? [lookedUp(1), absent(1)] : [])],
	ended: (effect) => [granted(1, effect), failed(1)],
};
const isDoubtful = (effect: Effect): boolean => effect !== 'read' && effect !== 'transaction';
export const canLookUp = (effect: Effect): boolean => effect === 'replay' || effect === 'lookup';
/** The second attempt comes so late that the first one's key has no time left. */
const again = (effect: Effect): readonly Line[] => (effect === 'lookup' || effect === 'manual' ? [] : [after(KEY_MS - 13_000, granted(1))]);

/** What has become of the run since. */
const surroundings: Readonly<Record<string, (golden: Golden) => Golden>> = {
	plain: (golden) => golden,
	resumed: (golden) => tellOn(golden, resumed()),
	closed: (golden) => tellOn(golden, closed('stopped')),
	contradicted: (golden) => ({ ...golden, state: { ...golden.state, contradictions: [{ step: 2, place: 1 }] } }),
	'frozen run': (golden) => ({
		...golden,
		state: { ...golden.state, frozen: { at: golden.state.head.at as never, by: 'local:alice', place: 1 } },
	}),
};

export type Case = { readonly name: string; readonly state: RunState; readonly asked: Asked; readonly effect: Effect };

export function* cases(): Generator<Case> {
	for (const effect of effects) {
		for (const [shape, lines] of Object.entries(shapes)) {
			const golden = told(intent('a.tool', 'b.tool'), ...lines(effect));
			for (const [around, change] of Object.entries(surroundings))
				yield* asking(`${effect}, ${shape}, ${around}`, change(golden).state, effect);
		}
	}
}

function* asking(name: string, state: RunState, effect: Effect): Generator<Case> {
	const attempts = state.steps[1]?.attempts.map(({ attempt }) => attempt) ?? [];
	const phases = {
		act: { is: 'act' },
		settle: { is: 'settle', waitedFor: attempts },
		'settle others': { is: 'settle', waitedFor: attempts.slice(1) },
	} as const;
	for (const [phase, how] of Object.entries(phases)) {
		for (const [kind, opinion] of Object.entries(opinions) as [Opinion['is'], Opinion][]) {
			for (const afterMs of [1_000, KEY_MS]) {
				for (const frozen of [false, true]) {
					for (const epoch of new Set([state.epoch, Math.max(0, state.epoch - 1), state.epoch + 1])) {
						const asked = askedOf({ effect, canLookUp: canLookUp(effect), afterMs, epoch, frozen, opinion, state, phase: how });
						yield {
							name: `${name}, ${phase}, ${kind}, after ${afterMs} ms${frozen ? ', frozen' : ''}, by epoch ${epoch}`,
							state,
							asked,
							effect,
						};
					}
				}
			}
		}
	}
}

type Asking = {
	effect: Effect;
	canLookUp: boolean;
	afterMs: number;
	epoch: number;
	frozen: boolean;
	opinion: Opinion;
	state: RunState;
	phase: Asked['phase'];
};
export const askedOf = ({ effect, canLookUp, afterMs, epoch, frozen, opinion, state, phase }: Asking): Asked => ({
	step: 1,
	epoch,
	phase,
	tool: { effect, canLookUp, keyHonouredForMs: effect === 'replay' ? KEY_MS : 0, visibleWithinMs: canLookUp ? VISIBLE_MS : 0 },
	frozen,
	now: epochMs.parse(state.head.at + afterMs),
	marginMs: MARGIN_MS,
	windowMs: 10_000,
	opinion: () => opinion,
});

export type Judge = (state: RunState, asked: Asked) => Verdict;
