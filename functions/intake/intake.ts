/**
 * Calls of an agent that runs elsewhere, under step numbers of its own. The same calls under the same numbers again are
 * the same steps; another call under a number that is taken is `diverged`.
 */
import type { Agent } from '../../core/agent/agent.ts';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { RunKeyLost, readStep, type View } from '../../core/ledger/read.ts';
import { type RunState, type StepState, stepOf } from '../../core/ledger/state.ts';
import { callDigest } from '../plan/plan.ts';
import { parseCalls, type ReadCall } from '../plan/read-plan.ts';
import type { Surroundings } from '../surroundings.ts';

export type IntakeEvent = { readonly run: string; readonly first: number; readonly calls: readonly unknown[] };
/** `place` is where the step was last left to its agent: at its intent, or at a hold. */
export type TakenIn = { readonly step: number; readonly tool: string; readonly place: number };
export type IntakeAnswer =
	| { is: 'recorded' | 'known'; run: string; agent: string; epoch: number; hint: number; steps: TakenIn[] }
	| { is: 'diverged'; step: number }
	| { is: 'refused'; why: string };
export type IntakeSurroundings = Surroundings & { readonly agent: Agent };

export function intake(event: IntakeEvent, around: IntakeSurroundings): Promise<IntakeAnswer> {
	return decideUntilPlaced(around.reader, { run: event.run }, async (view): Promise<Round<IntakeAnswer>> => {
		const { state, key } = view;
		const foreign = whyNotTaken(state, around.agent);
		if (foreign) return refused(foreign);
		if (!key) throw new RunKeyLost(event.run);
		if (event.calls.length === 0) return refused('no calls');
		const parsed = parseCalls(event.calls, around.agent);
		if ('why' in parsed) return refused(parsed.why);
		if (event.first < state.nextStep) return known(event, view, parsed.calls, around);
		if (event.first > state.nextStep) return refused(`step ${event.first} where ${state.nextStep} is next`);
		if (state.closed) return refused(`run ${event.run} is closed`);
		if (turnsUsedUp(state)) return refused(`the budget of run ${event.run} is used up`);
		const numbered = parsed.calls.map((call, index) => ({ step: event.first + index, tool: call.tool, call: callDigest(key, call) }));
		const draft = { kind: 'intent', epoch: state.epoch, readTo: state.head.place, calls: numbered } as const;
		const written = await append(around, view, draft, { content: { calls: parsed.calls } });
		if (written.is !== 'written') return 'again';
		return {
			answer: recorded(
				'recorded',
				view,
				numbered.map(({ step, tool }) => ({ step, tool, place: written.entry.place })),
			),
		};
	});
}

/** Why an agent's own process may add nothing to this run, whatever it says. */
export function whyNotTaken(state: RunState, agent: Agent): string | undefined {
	if (state.agent !== agent.name) return `run ${state.run} is not one of ${agent.name}`;
	return state.driver === 'outside' ? undefined : `run ${state.run} has a planner of its own`;
}

/** Whoever calls one by one takes a turn a call, and others to remember in: turns come on top of steps here. */
export const turnsUsedUp = ({ turns, budget }: RunState): boolean => turns >= budget.turns + budget.steps;

const refused = (why: string): { answer: IntakeAnswer } => ({ answer: { is: 'refused', why } });

async function known(event: IntakeEvent, view: View, calls: readonly ReadCall[], around: Surroundings): Promise<Round<IntakeAnswer>> {
	const { state, key } = view;
	const steps: TakenIn[] = [];
	for (const [index, call] of calls.entries()) {
		const step = event.first + index;
		const there = stepOf(state, step) ?? (await readStep(around.store, event.run, { step, hint: 0 }))?.state;
		if (!key || !there || there.call !== callDigest(key, call)) return { answer: { is: 'diverged', step } };
		steps.push({ step, tool: call.tool, place: leftAt(there) });
	}
	return { answer: recorded('known', view, steps) };
}

const leftAt = (step: StepState): number => step.hold?.place ?? step.intentPlace;

const recorded = (is: 'recorded' | 'known', { state }: View, steps: TakenIn[]): IntakeAnswer => ({
	is,
	run: state.run,
	agent: state.agent,
	epoch: state.epoch,
	hint: state.checkpointPlace,
	steps,
});
