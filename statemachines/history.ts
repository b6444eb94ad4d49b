/**
 * What Step Functions writes into the history of an execution, counted from a definition, with everything tried again as often
 * as it may be. An execution ends at 25,000 events; how many entries of its ledger it may see before it hands over follows.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import type { Machine, MapState, State, Task } from './shape.ts';

/** The execution's own first and last event. */
const EXECUTION_EVENTS = 2;
/** A state is entered and left. */
const STATE_EVENTS = 2;
/** Scheduled, started, and then succeeded, failed or timed out; a task that waits for its execution is submitted besides. */
const TRY_EVENTS = 3;
const WAITING_TRY_EVENTS = 4;
/** The Map itself is started and succeeds, and so does each of its iterations. */
const MAP_EVENTS = 2;
const ITERATION_EVENTS = 2;

/** `most`: each retrier is used up before it goes well. `least`: it goes well at once. */
export type Trying = 'least' | 'most';

export function taskEvents({ Resource, Retry = [] }: Task, trying: Trying): number {
	const tries = 1 + (trying === 'most' ? Retry.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0) : 0);
	return STATE_EVENTS + tries * (Resource.includes('.sync') ? WAITING_TRY_EVENTS : TRY_EVENTS);
}

/** Its iterations are one Task each, as far as they go well. */
export function mapEvents({ ItemProcessor }: MapState, { items, trying }: { items: number; trying: Trying }): number {
	const inner = ItemProcessor.States[ItemProcessor.StartAt];
	if (inner?.Type !== 'Task' || inner.End !== true) throw new TypeError('an iteration is one Task');
	return STATE_EVENTS + MAP_EVENTS + items * (ITERATION_EVENTS + taskEvents(inner, trying));
}

/** One turn of `agent-run`: a plan, where it leads, and its steps side by side. */
export function turnEvents(run: Machine, { steps, trying }: { steps: number; trying: Trying }): number {
	const planned = taskEvents(task(run, 'Plan'), trying) + STATE_EVENTS;
	return steps === 0 ? planned : planned + mapEvents(map(run, 'Steps'), { items: steps, trying });
}

/**
 * History events that come with one entry at most. A turn leaves an intent (or a memory) and, of each step, one entry that ends
 * or holds it; one that is denied leaves no more than that. The one turn that leaves nothing is one whose guards see a freeze that is
 * gone before the next plan: what is left of the 25,000 takes six of these, and after that the rule takes the run up again.
 */
export function eventsPerEntry(run: Machine, calls: number): number {
	const turns = Array.from({ length: calls + 1 }, (_, steps) => turnEvents(run, { steps, trying: 'most' }) / (1 + steps));
	return Math.max(...turns);
}

/**
 * History events of an execution at most that hands over after `entries`. The first turn may find steps that were planned before it,
 * and the last one begins one entry too soon to hand over; the plan after that one does.
 */
export function mostEvents(run: Machine, { entries, calls }: { entries: number; calls: number }): number {
	const full = turnEvents(run, { steps: calls, trying: 'most' });
	const handOver = turnEvents(run, { steps: 0, trying: 'most' }) + taskEvents(task(run, 'HandOver'), 'most') + STATE_EVENTS;
	return EXECUTION_EVENTS + full + Math.ceil(entries * eventsPerEntry(run, calls)) + full + handOver;
}

/**
 * History events of a `step` execution at most. Each round, from Act by a wait to Settle and by a pause back again, uses up an
 * attempt or a lookup, or finds that one was just reported. One that was started with a call goes by Intake first, and acts again.
 */
export function mostStepEvents(step: Machine, { attempts, lookups }: { attempts: number; lookups: number }): number {
	const of = (name: string) => taskEvents(task(step, name), 'most');
	const round = of('Act') + STATE_EVENTS + STATE_EVENTS + of('Settle') + STATE_EVENTS + STATE_EVENTS;
	const called = of('Act') + STATE_EVENTS + of('Intake') + STATE_EVENTS;
	return EXECUTION_EVENTS + called + (2 * attempts + lookups + 1) * round + STATE_EVENTS;
}

const task = (machine: Machine, name: string): Task => state(machine, name, 'Task') as Task;
const map = (machine: Machine, name: string): MapState => state(machine, name, 'Map') as MapState;

function state(machine: Machine, name: string, type: State['Type']): State {
	const found = machine.States[name];
	if (found?.Type !== type) throw new TypeError(`${name} is ${found ? `a ${found.Type}` : 'no state'}, not a ${type}`);
	return found;
}
