/**
 * Where a run stands, and how the steps ended that are asked about, with their results: for whoever drives it from outside.
 * Content is opened here, and goes to its caller alone.
 */
import type { Json } from '../../core/ids.ts';
import { entryAt, RunKeyLost, readStep, type View } from '../../core/ledger/read.ts';
import { isHeld, openSteps, type StepState, stepOf } from '../../core/ledger/state.ts';
import { ending, left, memoryOf } from '../plan/situation.ts';
import { type Control, readControl, type Surroundings } from '../surroundings.ts';
import { type RunStatus, statusOf } from './status.ts';

export type StandingEvent = {
	readonly run: string;
	/** `hint`: a checkpoint before the step was recorded. */
	readonly steps: readonly { readonly step: number; readonly hint: number }[];
	/** Whether the memory that was saved last is asked for. */
	readonly memory: boolean;
};
export type StepStanding =
	| { step: number; is: 'unrecorded' }
	/** Planned, or under way. */
	| { step: number; is: 'open'; tool: string }
	/** For a person: an approval, word of what became of it, which of two records stands, or the end of a freeze. */
	| { step: number; is: 'waiting'; tool: string; for: 'approval' | 'doubt' | 'contradiction' | 'thaw'; since: string; shown?: string }
	/** `reason`: what is wrong with the result, where it came in a form that was not declared, or that no ledger holds. */
	| { step: number; is: 'done'; tool: string; by: string; at: string; result: Json; reason?: string }
	| { step: number; is: 'failed' | 'denied'; tool: string; by: string; at: string; reason: string };
export type StandingAnswer =
	| {
			is: 'standing';
			run: string;
			agent: string;
			status: RunStatus;
			epoch: number;
			nextStep: number;
			left: { steps: number; spend: number | null };
			steps: StepStanding[];
			/** `place` tells memories apart. Null when none was saved. */
			memory?: { place: number; memory: Json } | null;
	  }
	| { is: 'refused'; why: string };

/** @throws RunNotFound, RunKeyLost */
export async function standing(event: StandingEvent, around: Surroundings & { readonly agent: string }): Promise<StandingAnswer> {
	const view = await around.reader.read(event.run);
	const { state } = view;
	if (state.agent !== around.agent) return { is: 'refused', why: `run ${event.run} is not one of ${around.agent}` };
	const control = await readControl(around.store, state.agent);
	const steps: StepStanding[] = [];
	for (const asked of event.steps) steps.push(await standingOf(asked, view, control, around));
	const { steps: stepsLeft, spend } = left(state);
	return {
		is: 'standing',
		run: state.run,
		agent: state.agent,
		status: statusOf(state, openSteps(state), control),
		epoch: state.epoch,
		nextStep: state.nextStep,
		left: { steps: stepsLeft, spend },
		steps,
		...(event.memory && { memory: await savedIn(view, around) }),
	};
}

async function savedIn(view: View, { store }: Surroundings): Promise<{ place: number; memory: Json } | null> {
	const { memory, run } = view.state;
	if (!memory) return null;
	if (!view.key) throw new RunKeyLost(run);
	return { place: memory.place, memory: (await memoryOf(view, store)) ?? null };
}

type AskedStep = StandingEvent['steps'][number];

async function standingOf({ step, hint }: AskedStep, view: View, control: Control, { store }: Surroundings): Promise<StepStanding> {
	const { state } = view;
	if (step >= state.nextStep) return { step, is: 'unrecorded' };
	const found = stepOf(state, step) ?? (await readStep(store, state.run, { step, hint }))?.state;
	if (!found) return { step, is: 'unrecorded' };
	const { tool } = found;
	const isContradicted = state.contradictions.some((other) => other.step === step);
	if (found.end && !isContradicted) return { step, tool, ...(await endOf(found, found.end, view, store)) };
	// In the order in which a guard looks: while a contradiction or a freeze stands, it does nothing for any step.
	if (state.contradictions.length > 0) return { step, is: 'waiting', tool, for: 'contradiction', since: iso(state.head.at) };
	const frozen = state.frozen ?? control.frozen;
	if (frozen) return { step, is: 'waiting', tool, for: 'thaw', since: iso(frozen.at) };
	if (!isHeld(found) || !found.hold) return { step, is: 'open', tool };
	const { for: what, at, shown } = found.hold;
	return { step, is: 'waiting', tool, for: what, since: iso(at), shown };
}

type Ended = Extract<StepStanding, { is: 'done' | 'failed' | 'denied' }>;
type EndedOf<Is> = Is extends Ended ? Omit<Is, 'step' | 'tool'> : never;

async function endOf(
	found: StepState,
	end: NonNullable<StepState['end']>,
	view: View,
	store: Surroundings['store'],
): Promise<EndedOf<Ended>> {
	const { run } = view.state;
	const common = { by: end.by, at: iso(end.at) };
	const entry = await entryAt(store, view, end.place);
	if (entry.kind === 'closed') return { is: 'denied', ...common, reason: `run ${run} was closed before it was granted` };
	if (entry.kind !== 'decision' && entry.kind !== 'outcome')
		throw new TypeError(`step ${found.step} of run ${run} ended with ${entry.kind}`);
	if (!view.key) throw new RunKeyLost(run);
	const said = await ending(entry, store, view.key);
	const { reason } = said;
	if (end.result === 'done') return { is: 'done', ...common, result: said.result ?? null, ...(reason !== undefined && { reason }) };
	return { is: end.result, ...common, reason: reason ?? end.result };
}

const iso = (ms: number): string => new Date(ms).toISOString();
