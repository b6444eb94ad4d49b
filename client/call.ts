/**
 * One call, made once. It is recorded under its number first; then the `step` machine is started under a name that says
 * which step this is, so that whoever asks again after a crash finds the execution there is. A crash anywhere in here
 * leaves a recorded step, which this very call finds again and the sweeper settles.
 */
import type { Call } from '../core/agent/agent.ts';
import { type Json, type StepIds, toolFunction } from '../core/ids.ts';
import { intakeAnswer, read, type StepStanding, standingAnswer, type Taken } from './answers.ts';
import type { ClientEvent } from './client.ts';
import { DoorRefused, type Doors } from './doors.ts';
import type { Patience } from './patience.ts';

export type CallAnswer =
	/** `reason`: what is wrong with the result; one that no ledger holds is null. Done it is all the same. */
	| { is: 'done'; step: number; result: Json; reason?: string; by: string }
	/** It is known not to have happened; `denied`: it was not let happen. */
	| { is: 'failed' | 'denied'; step: number; reason: string; by: string }
	/**
	 * Nothing is lost: the same call again goes on from here. `approval`, `doubt`, `contradiction`, `thaw`: for a person.
	 * `recovery`: its executions end without an end. `time`: it still goes on, and the caller's time is over.
	 */
	| { is: 'waiting'; step: number; for: 'approval' | 'doubt' | 'contradiction' | 'thaw' | 'recovery' | 'time'; shown?: string }
	/** Another call was made under this number. */
	| { is: 'diverged'; step: number }
	| { is: 'refused'; why: string };

export type Calling = { readonly run: string; readonly step: number; readonly call: Call };
export type CallSurroundings = { readonly doors: Doors; readonly patience: Patience; readonly onEvent: (event: ClientEvent) => void };

/** Executions of one step, under one epoch and from one place on, at most. */
const DRIVES = 6;
/** How often the ledger is asked while an execution is under way: somebody else may end the step. */
const LOOK_MS = 5_000;
/** How often an execution that was just started may not be there: it is not known everywhere at once. */
const UNKNOWN_TIMES = 3;

export async function makeCall(calling: Calling, around: CallSurroundings): Promise<CallAnswer> {
	const { run, step } = calling;
	const { doors, patience, onEvent } = around;
	const first = await takeIn(calling, around);
	if (!('epoch' in first)) return first;
	let taken: Taken = first;
	onEvent({ is: taken.is, run, step });
	const found = taken.is === 'known' ? await settled(taken, around) : undefined;
	if (found) return found;
	for (let drive = 0; drive < DRIVES; drive += 1) {
		const name = stepExecution(taken, drive);
		const began = await patience.until('start', () => doors.start(name, inputOf(taken)));
		onEvent({ is: began === 'started' ? 'started' : 'joined', run, step });
		const answer = await untilOver(name, taken, around);
		if (answer) return answer;
		// It ended, and its step did not: fenced by a recovery, or interrupted.
		const again = await takeIn(calling, around);
		if (!('epoch' in again)) return again;
		if (again.epoch !== taken.epoch || placeOf(again) !== placeOf(taken)) drive = -1;
		taken = again;
		await patience.pause(Math.max(0, drive));
	}
	return { is: 'waiting', step, for: 'recovery' };
}

async function takeIn(
	{ run, step, call }: Calling,
	{ doors, patience }: CallSurroundings,
): Promise<Taken | Extract<CallAnswer, { is: 'diverged' | 'refused' }>> {
	const event = { run, first: step, calls: [{ tool: call.tool, input: call.input, purpose: call.purpose }] };
	return patience.until('intake', async () => read(intakeAnswer, await doors.ask('intake', event, patience.signal), 'intake'));
}

/** Waits until the execution is over or the step has an end. Nothing: it is over, and the step is open. */
async function untilOver(name: string, taken: Taken, around: CallSurroundings): Promise<CallAnswer | undefined> {
	const { doors, patience } = around;
	let lookedAt = performance.now();
	let unknown = 0;
	for (let n = 0; ; n += 1) {
		await patience.pause(n);
		const running = await patience.until('execution', () => doors.isRunning(name));
		if (!running || performance.now() - lookedAt >= LOOK_MS) {
			const answer = await settled(taken, around);
			if (answer) return answer;
			lookedAt = performance.now();
			unknown = running ? 0 : unknown + 1;
			if (unknown >= UNKNOWN_TIMES) return undefined;
		}
		if (patience.isOver()) return { is: 'waiting', step: stepOf(taken), for: 'time' };
	}
}

/** How the step stands, where that is an answer; nothing while it is open. */
async function settled(taken: Taken, { doors, patience }: CallSurroundings): Promise<CallAnswer | undefined> {
	const event = { run: taken.run, steps: [{ step: stepOf(taken), hint: taken.hint }], memory: false };
	const answer = await patience.until('status', async () =>
		read(standingAnswer, await doors.ask('status', event, patience.signal), 'status'),
	);
	if (answer.is === 'refused') throw new DoorRefused(answer.why);
	const standing = answer.steps.find(({ step }) => step === stepOf(taken));
	return standing && answerOf(standing);
}

function answerOf(standing: StepStanding): CallAnswer | undefined {
	const { step } = standing;
	switch (standing.is) {
		case 'done': {
			const { result, reason, by } = standing;
			return { is: 'done', step, result: result as Json, ...(reason !== undefined && { reason }), by };
		}
		case 'failed':
		case 'denied':
			return { is: standing.is, step, reason: standing.reason, by: standing.by };
		case 'waiting':
			return { is: 'waiting', step, for: standing.for, ...(standing.shown !== undefined && { shown: standing.shown }) };
		case 'open':
		case 'unrecorded':
			return undefined;
	}
}

const stepOf = (taken: Taken): number => taken.steps[0]?.step ?? 0;
const placeOf = (taken: Taken): number => taken.steps[0]?.place ?? 0;

/**
 * The execution that does this step, from where it was last left to its agent. A `.` is in no run's id, so the run's comes
 * before the first: by that a sweeper knows that somebody settles this run.
 */
export const stepExecution = (taken: Taken, drive: number): string =>
	[taken.run, stepOf(taken), taken.epoch, placeOf(taken), drive].join('.');

function inputOf(taken: Taken): StepIds {
	const { run, agent, epoch, hint } = taken;
	const tool = taken.steps[0]?.tool ?? '';
	return { run, agent, epoch, step: stepOf(taken), tool, function: toolFunction(agent, tool), hint };
}
