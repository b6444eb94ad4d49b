/**
 * Decides what a run does next, and asks the planner where nothing is open. One intent records all proposed calls,
 * numbered, before anything happens. A crash before the intent costs a plan; after it, nothing.
 */
import type { Agent } from '../../core/agent/agent.ts';
import { ENTRIES_PER_EXECUTION, MEMORY_BYTES } from '../../core/bounds.ts';
import { type Json, type StepIds, toolFunction } from '../../core/ids.ts';
import { append, decideUntilPlaced, type Round, type Written } from '../../core/ledger/append.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { contentDigest } from '../../core/ledger/content.ts';
import { RunKeyLost, type View } from '../../core/ledger/read.ts';
import { encodeState, isFenced, isHeld, openSteps, type RunState, type StepState } from '../../core/ledger/state.ts';
import { readControl, type Surroundings } from '../surroundings.ts';
import { parsePlan, type ReadPlan } from './read-plan.ts';
import { situation } from './situation.ts';

export type PlanEvent = { readonly run: string; readonly epoch: number; readonly hint: number };
/**
 * `act`: do these steps. `plan`: ask again. `wait`: nothing can be done before a person, or an outside agent, acts.
 * `hand-over`: go on in a fresh execution. `closed`, `fenced`: this execution has nothing more to do.
 */
export type PlanAnswer = {
	next: 'act' | 'plan' | 'wait' | 'hand-over' | 'closed' | 'fenced';
	run: string;
	agent: string;
	epoch: number;
	steps: StepIds[];
	hint: number;
};

export type PlanSurroundings = Surroundings & {
	readonly agent: Agent;
	readonly settings: Readonly<Record<string, string>>;
	/** After so many entries an execution hands over: fewer than the bound, for whoever wants to see it happen. */
	readonly entriesPerExecution?: number;
};

export function plan(event: PlanEvent, around: PlanSurroundings): Promise<PlanAnswer> {
	return decideUntilPlaced(around.reader, event, async (view) => {
		const { state } = view;
		const answer = (next: PlanAnswer['next'], steps: StepState[] = []): Round<PlanAnswer> => ({
			answer: planned(next, state, event, steps),
		});
		if (isFenced(state, event.epoch)) return answer('fenced');
		const open = openSteps(state);
		const actionable = open.filter((step) => !isHeld(step));
		const stopped = state.contradictions.length > 0 || state.frozen || (await readControl(around.store, state.agent)).frozen;
		if (stopped) return answer('wait');
		if (actionable.length > 0) return answer('act', actionable);
		if (open.length > 0) return answer('wait');
		if (state.closed) return answer('closed');
		if (state.driver === 'outside' || !around.agent.planner) return answer('wait');
		if (state.head.place - state.epochPlace >= entriesPerExecution(around)) return answer('hand-over');
		const exhausted = usedUp(state);
		if (exhausted) return afterClosing(await close(around, view, 'exhausted', { reason: exhausted }), answer);
		return await askPlanner(event, view, around, answer);
	});
}

const entriesPerExecution = ({ entriesPerExecution: fewer = ENTRIES_PER_EXECUTION }: PlanSurroundings): number =>
	Math.min(fewer, ENTRIES_PER_EXECUTION);

/** Where the planner's next reading begins: at its memory. */
const hintOf = (state: RunState): number => state.memory?.place ?? 0;

const planned = (next: PlanAnswer['next'], state: RunState, event: PlanEvent, steps: StepState[]): PlanAnswer => ({
	next,
	run: state.run,
	agent: state.agent,
	epoch: event.epoch,
	steps: steps.map((step) => idsOf(state, event, step)),
	hint: hintOf(state),
});

function idsOf(state: RunState, event: PlanEvent, step: StepState): StepIds {
	// The guard reads from the last checkpoint before the intent, so that one query holds the call too.
	const hint = state.checkpointPlace < step.intentPlace ? state.checkpointPlace : hintOf(state);
	const { run, agent } = state;
	return { run, agent, epoch: event.epoch, step: step.step, tool: step.tool, function: toolFunction(agent, step.tool), hint };
}

function usedUp(state: RunState): string | undefined {
	if (state.nextStep - 1 >= state.budget.steps) return `the budget of ${state.budget.steps} steps is used up`;
	return state.turns >= state.budget.turns ? `the budget of ${state.budget.turns} turns is used up` : undefined;
}

type Answerer = (next: PlanAnswer['next'], steps?: StepState[]) => Round<PlanAnswer>;

async function askPlanner(event: PlanEvent, view: View, around: PlanSurroundings, answer: Answerer): Promise<Round<PlanAnswer>> {
	const { agent } = around;
	if (!view.key) throw new RunKeyLost(event.run);
	if (!agent.planner) return answer('wait');
	const proposed = parsePlan(await agent.planner(await situation(view, around)), agent);
	switch (proposed.is) {
		case 'finish':
			return afterClosing(
				await close(around, view, 'finished', { answer: proposed.answer, ...(proposed.reason && { reason: proposed.reason }) }),
				answer,
			);
		case 'memory':
			return (await remember(around, view, proposed.memory, view.state.head.place)).is === 'written' ? answer('plan') : 'again';
		case 'rejected':
			return (await recordIntent(around, view, proposed)).is === 'written' ? answer('plan') : 'again';
		case 'calls':
			return await recordCalls(event, view, around, proposed);
	}
}

async function recordCalls(
	event: PlanEvent,
	view: View,
	around: PlanSurroundings,
	proposed: Extract<ReadPlan, { is: 'calls' }>,
): Promise<Round<PlanAnswer>> {
	const written = await recordIntent(around, view, proposed);
	// Something was appended since the planner read: its plan is thrown away, never renumbered.
	if (written.is !== 'written') return 'again';
	const { state } = written.view;
	// A crash right here loses only the memory: the planner is then told of these calls as of all that happened since.
	const kept = proposed.memory === undefined ? written : await remember(around, written.view, proposed.memory, state.head.place);
	const steps = planned('act', state, event, openSteps(state));
	return { answer: kept.is === 'written' ? { ...steps, hint: hintOf(kept.view.state) } : steps };
}

function recordIntent(around: PlanSurroundings, view: View, proposed: Extract<ReadPlan, { is: 'calls' | 'rejected' }>): Promise<Written> {
	const { state, key } = view;
	if (!key) throw new RunKeyLost(state.run);
	const calls = proposed.is === 'calls' ? proposed.calls : [];
	const numbered = calls.map((call, index) => ({ step: state.nextStep + index, tool: call.tool, call: callDigest(key, call) }));
	const model = proposed.model && {
		name: proposed.model.name,
		inputTokens: proposed.model.inputTokens,
		outputTokens: proposed.model.outputTokens,
		...(proposed.model.prompt !== undefined && { prompt: contentDigest(key, 'prompt', proposed.model.prompt) }),
		...(proposed.model.answer !== undefined && { answer: contentDigest(key, 'answer', proposed.model.answer) }),
	};
	return append(
		around,
		view,
		{
			kind: 'intent',
			epoch: state.epoch,
			readTo: state.head.place,
			calls: numbered,
			...(model && { model }),
			...(proposed.is === 'rejected' && { rejected: proposed.code }),
		},
		{
			content: {
				calls,
				...(proposed.reason !== undefined && { reason: proposed.reason }),
				...(proposed.is === 'rejected' && { rejected: proposed.why }),
			},
		},
	);
}

/** The digest by which a call is told from another, without its content. */
export const callDigest = (key: Uint8Array, call: { tool: string; input: Json; purpose: string }): string =>
	contentDigest(key, 'call', { tool: call.tool, input: call.input, purpose: call.purpose });

/** Appends a checkpoint with memory that knows what happened up to `knows`. @throws RangeError for one that is too large */
export function remember(around: Surroundings, view: View, memory: Json, knows: number): Promise<Written> {
	const { state } = view;
	const size = Buffer.byteLength(canonical(memory));
	if (size > MEMORY_BYTES) throw new RangeError(`the planner's memory has ${size} bytes; a checkpoint takes ${MEMORY_BYTES}`);
	const clear = { kind: 'checkpoint', epoch: state.epoch, state: encodeState(state), memory: knows } as const;
	return append(around, view, clear, { content: { facts: [...state.facts], memory } });
}

function close(
	around: PlanSurroundings,
	view: View,
	how: 'finished' | 'exhausted',
	content: { answer?: Json; reason?: string },
): Promise<Written> {
	return append(around, view, { kind: 'closed', epoch: view.state.epoch, how, by: 'function:plan' }, { content });
}

const afterClosing = (written: Written, answer: Answerer): Round<PlanAnswer> => (written.is === 'written' ? answer('closed') : 'again');
