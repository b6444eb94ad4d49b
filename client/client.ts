/**
 * The client of an agent that runs anywhere. Whatever it is asked can be asked again after a crash, with the same words:
 * runs have names of the caller's, steps have numbers of the caller's, and the ledger knows both.
 */
import type { Call } from '../core/agent/agent.ts';
import type { Json } from '../core/ids.ts';
import { checkpointAnswer, closeAnswer, openAnswer, read, type Standing, standingAnswer } from './answers.ts';
import { type CallAnswer, makeCall } from './call.ts';
import { DoorRefused, type Doors } from './doors.ts';
import { type Patience, type PatienceOptions, patienceOf } from './patience.ts';

export type Refused = { is: 'refused'; why: string };
export type Opened =
	/** `known`: this run was opened before, with this very task. `memory` is what was saved last; `nextStep` is free. */
	| { is: 'opened' | 'known'; run: string; status: string; nextStep: number; memory: Json | undefined }
	/** The name was used for something else. */
	| { is: 'taken'; run: string; agent: string }
	| Refused;
export type Checkpointed =
	| { is: 'kept'; run: string }
	/** Another process has saved a memory for this run since this one heard of it: one of the two has to stop. */
	| { is: 'overtaken'; run: string }
	| Refused;
export type Status = (Omit<Standing, 'memory'> & { memory: Json | undefined }) | Refused;
export type Closed =
	| { is: 'closed'; run: string; stillOpen: readonly number[] }
	| { is: 'closed-before'; run: string; how: string }
	| Refused;

/** What happens while a call is made; ids only. */
export type ClientEvent = { readonly is: 'recorded' | 'known' | 'started' | 'joined'; readonly run: string; readonly step: number };

/** Every method throws Unreachable when its time is over without an answer, DoorClosed for who may not ask. */
export type Client = {
	/** Opens a run, or finds it as it is. */
	open(run: string, task: Json, options?: PatienceOptions): Promise<Opened>;
	/** Makes one call, once, and waits for its end. The same call under the same number again is the same step. */
	call(run: string, step: number, call: Call, options?: PatienceOptions): Promise<CallAnswer>;
	/** Saves what the agent has to know after a restart. The same memory again is saved once. */
	checkpoint(run: string, memory: Json, options?: PatienceOptions): Promise<Checkpointed>;
	/** Where the run stands, how these steps ended, and what memory was saved last. */
	status(run: string, steps?: readonly number[], options?: PatienceOptions): Promise<Status>;
	/** Ends the run: nothing is taken in or granted any more. */
	close(run: string, reason: string, options?: PatienceOptions): Promise<Closed>;
};

export type ClientOptions = { readonly onEvent?: (event: ClientEvent) => void };

export function clientOver(given: Doors, { onEvent = () => {} }: ClientOptions = {}): Client {
	const doors: Doors = { ...given, ask: async (door, event, signal) => given.ask(door, asJson(event), signal) };
	/** The place of the memory that this process has last heard of, by run; 0 for none. */
	const heardOf = new Map<string, number>();

	const standing = async (run: string, steps: readonly number[], patience: Patience): Promise<Status> => {
		const event = { run, steps: steps.map((step) => ({ step })), memory: true };
		const answer = await patience.until('status', async () =>
			read(standingAnswer, await doors.ask('status', event, patience.signal), 'status'),
		);
		if (answer.is === 'refused') return answer;
		heardOf.set(run, answer.memory?.place ?? 0);
		return { ...answer, memory: answer.memory?.memory };
	};

	return {
		open: (run, task, options) =>
			orRefused(async () => {
				const patience = patienceOf(options);
				const answer = await patience.until('open', async () =>
					read(openAnswer, await doors.ask('open', { run, task }, patience.signal), 'open'),
				);
				if (answer.is === 'refused') return answer;
				if (answer.is === 'exists' && !answer.same) return { is: 'taken', run, agent: answer.agent };
				const found = await standing(run, [], patience);
				if (found.is === 'refused') return found;
				const { status, nextStep, memory } = found;
				return { is: answer.is === 'opened' ? 'opened' : 'known', run, status, nextStep, memory };
			}),
		call: (run, step, call, options) => orRefused(() => makeCall({ run, step, call }, { doors, patience: patienceOf(options), onEvent })),
		checkpoint: (run, memory, options) =>
			orRefused(async () => {
				const patience = patienceOf(options);
				const over = heardOf.get(run);
				const event = { run, memory, ...(over !== undefined && { over }) };
				const answer = await patience.until('checkpoint', async () =>
					read(checkpointAnswer, await doors.ask('intake', event, patience.signal), 'checkpoint'),
				);
				if (answer.is === 'refused') return answer;
				if (answer.is === 'overtaken') return { is: 'overtaken', run };
				heardOf.set(run, answer.place);
				return { is: 'kept', run };
			}),
		status: (run, steps = [], options) => orRefused(() => standing(run, steps, patienceOf(options))),
		close: (run, reason, options) =>
			orRefused(async () => {
				const patience = patienceOf(options);
				const answer = await patience.until('close', async () =>
					read(closeAnswer, await doors.ask('close', { run, reason }, patience.signal), 'close'),
				);
				return { run, ...answer };
			}),
	};
}

/** What JSON makes of an event. @throws DoorRefused for what it can't hold: asking again is no use. */
function asJson<Event>(event: Event): Event {
	try {
		return JSON.parse(JSON.stringify(event));
	} catch (error) {
		throw new DoorRefused(`no JSON can hold what is asked: ${error instanceof Error ? error.message : String(error)}`);
	}
}

async function orRefused<T>(ask: () => Promise<T>): Promise<T | Refused> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof DoorRefused) return { is: 'refused', why: error.message };
		throw error;
	}
}
