/**
 * Takes a run up again: one epoch more, which fences whatever the last one left running. Racing recoverers start one
 * execution, since its name is made of run and epoch.
 */
import { RESUMES_WITHOUT_PROGRESS } from '../../core/bounds.ts';
import { type StepIds, toolFunction } from '../../core/ids.ts';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { isHeld, openSteps, type RunState } from '../../core/ledger/state.ts';
import { readControl, type Surroundings } from '../surroundings.ts';

export type ResumeEvent = { readonly run: string; readonly reason: 'recovery' | 'answer' | 'handover' | 'person'; readonly by: string };
/**
 * `start`: start this epoch's execution after the pause. `settle`: nobody plans here; settle these steps.
 * `nothing`: closed, waiting for a person, or resumed too often without progress.
 */
export type ResumeAnswer = {
	next: 'start' | 'settle' | 'nothing';
	why: 'resumed' | 'closed' | 'waiting' | 'stuck';
	run: string;
	agent: string;
	epoch: number;
	name: string;
	hint: number;
	pauseSeconds: number;
	steps: StepIds[];
};

const LONGEST_PAUSE_SECONDS = 60;

export async function resume(event: ResumeEvent, around: Surroundings): Promise<ResumeAnswer> {
	let seen: number | undefined;
	return decideUntilPlaced(around.reader, event, async (view): Promise<Round<ResumeAnswer>> => {
		const { state } = view;
		const first = seen === undefined;
		seen ??= state.epoch;
		// Lost the place to another's `resumed`: start that epoch, append nothing.
		if (!first && state.epoch > seen) return { answer: answerOf(state, 'start', 'resumed') };
		const idle = await whyIdle(state, event, around);
		if (idle) return { answer: answerOf(state, 'nothing', idle) };
		const written = await append(around, view, { kind: 'resumed', epoch: state.epoch + 1, by: event.by, reason: event.reason });
		if (written.is !== 'written') return 'again';
		return { answer: answerOf(written.view.state, 'start', 'resumed') };
	});
}

async function whyIdle(state: RunState, event: ResumeEvent, around: Surroundings): Promise<'closed' | 'waiting' | 'stuck' | undefined> {
	const open = openSteps(state);
	if (state.closed && open.length === 0) return 'closed';
	if (event.reason === 'recovery' && state.resumesWithoutProgress >= RESUMES_WITHOUT_PROGRESS) return 'stuck';
	if (state.contradictions.length > 0 || state.frozen || (await readControl(around.store, state.agent)).frozen) return 'waiting';
	const held = open.length > 0 && open.every(isHeld);
	if (held || (state.driver === 'outside' && open.length === 0)) return 'waiting';
	return undefined;
}

function answerOf(state: RunState, next: 'start' | 'nothing', why: ResumeAnswer['why']): ResumeAnswer {
	const steps = openSteps(state)
		.filter((step) => !isHeld(step))
		.map((step) => ({
			run: state.run,
			agent: state.agent,
			epoch: state.epoch,
			step: step.step,
			tool: step.tool,
			function: toolFunction(state.agent, step.tool),
			hint: state.checkpointPlace,
		}));
	return {
		next: next === 'start' && state.driver === 'outside' ? 'settle' : next,
		why,
		run: state.run,
		agent: state.agent,
		epoch: state.epoch,
		name: executionName(state.run, state.epoch),
		hint: state.memory?.place ?? 0,
		pauseSeconds: state.resumesWithoutProgress > 1 ? Math.min(2 ** (state.resumesWithoutProgress - 2), LONGEST_PAUSE_SECONDS) : 0,
		steps,
	};
}

/** The execution of one epoch. Step Functions lets one of this name exist. */
export const executionName = (run: string, epoch: number): string => `${run}-${epoch}`;

/** An interval within which all who see a run at one place start one recovery; after it, a recovery that failed is made again. */
const RECOVERY_SLOT_MS = 300_000;
/** The execution that takes up a run found at `place` of `epoch`. A `.` is in no run's id, so the run's comes before the first. */
export const recoveryName = (run: string, { epoch, place, at }: { epoch: number; place: number; at: number }): string =>
	`${run}.${epoch}.${place}.${Math.floor(at / RECOVERY_SLOT_MS).toString(36)}`;
