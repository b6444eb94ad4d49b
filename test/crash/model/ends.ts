/**
 * S5, at every state in which the bounded schedule has come to its end: whoever finds the run takes it up, persons answer
 * truthfully what they are asked, nothing befalls it any more; and it comes to its end. A run that does not is stuck.
 */
import { openSteps } from '../../../core/ledger/state.ts';
import { successors } from './successors.ts';
import { type Broken, keyOfWorld, type Move, runs, type Setting, stateOf, type World } from './world.ts';

/** A schedule without faults is some forty actions; a run that goes on and on goes nowhere. */
const ACTIONS_AT_MOST = 400;
const known = new WeakMap<Setting, Map<string, Broken | undefined>>();

export async function strandedAt(setting: Setting, end: World): Promise<Broken | undefined> {
	const calm: World = {
		...end,
		left: { ...zero(end), resumes: 9, answers: 9 },
		policy: setting.scenario.policy,
	};
	const memory = known.get(setting) ?? new Map<string, Broken | undefined>();
	known.set(setting, memory);
	const path: string[] = [];
	let world = calm;
	let verdict: Broken | undefined = { invariant: 'S5 every run comes to its end', why: `it goes on after ${ACTIONS_AT_MOST} actions` };
	for (let action = 0; action < ACTIONS_AT_MOST; action += 1) {
		const key = keyOfWorld(world);
		if (memory.has(key)) {
			verdict = memory.get(key);
			break;
		}
		path.push(key);
		const next = await chosen(setting, world);
		if (!next) {
			verdict = unended(setting, world);
			break;
		}
		if (next.broken) {
			verdict = next.broken;
			break;
		}
		world = next.world;
	}
	for (const key of path) memory.set(key, verdict);
	return verdict;
}

const zero = (world: World): World['left'] => Object.fromEntries(Object.keys(world.left).map((fault) => [fault, 0])) as World['left'];

/** Executions first, then time, then recoverers and persons; a zombie's death is no way to an end, nor is a refusal. */
async function chosen(setting: Setting, world: World): Promise<Move | undefined> {
	const key = keyOfWorld(world);
	const moves = (await successors(setting, world)).filter(({ says, world: after }) => !says.includes('dies') && keyOfWorld(after) !== key);
	const outside = (move: Move): boolean => / a person says | a recoverer reads$/.test(move.says);
	const inside = moves.filter((move) => !outside(move) && move.says !== 'a second passes');
	return inside[0] ?? moves.find((move) => move.says === 'a second passes') ?? moves.find((move) => !move.says.includes('refuse'));
}

function unended(setting: Setting, world: World): Broken | undefined {
	for (const run of runs.slice(0, setting.scenario.runs)) {
		const state = stateOf(world, run);
		if (state.closed && openSteps(state).length === 0 && state.contradictions.length === 0) continue;
		const open = openSteps(state).map(({ step }) => step);
		return {
			invariant: 'S5 every run comes to its end',
			why: `${run} is ${state.closed ? 'closed' : 'not closed'}, with steps ${open} open`,
		};
	}
	return undefined;
}
