/**
 * The history that Step Functions would have recorded of every execution: counted as it counts its events, and all data that would
 * stand in it. The engine tells of states; what a task gave and was answered is told apart.
 */
import type { MachineName } from '../../core/ids.ts';
import type { Observed } from '../../local/machines.ts';

export type ExecutionHistory = {
	readonly machine: MachineName;
	readonly execution: string;
	events: number;
	/** What Step Functions is paid by: each state that is entered, and each retry. */
	transitions: number;
	/** JSON of everything that a state, a task or the execution itself was given or answered. */
	readonly data: Set<string>;
};
type EngineEvent = Extract<Observed, { is: 'event' }>['event'];

/** A task that waits for its execution is submitted besides. */
const WAITING_STATES: ReadonlySet<string> = new Set(['Step']);

export function recordedHistory() {
	const executions = new Map<string, ExecutionHistory>();
	const tasks: Extract<Observed, { is: 'task' }>[] = [];
	return {
		tasks,
		executions: (): ExecutionHistory[] => [...executions.values()],
		of: (machine: MachineName): ExecutionHistory[] => [...executions.values()].filter((one) => one.machine === machine),
		/** Everything anywhere, as JSON, each once. */
		data: (): Set<string> =>
			new Set([
				...[...executions.values()].flatMap(({ data }) => [...data]),
				...tasks.flatMap(({ given, answered }) => [JSON.stringify(given), JSON.stringify(answered)]),
			]),
		observe: (seen: Observed): void => {
			if (seen.is === 'task') {
				tasks.push(seen);
				return;
			}
			const { machine, execution, event } = seen;
			const name = `${machine}/${execution}`;
			const history = executions.get(name) ?? { machine, execution, events: 0, transitions: 0, data: new Set<string>() };
			executions.set(name, history);
			history.events += eventsOf(event);
			history.transitions += event.type === 'StateEntered' || event.type === 'StateRetried' ? 1 : 0;
			for (const data of dataOf(event)) history.data.add(JSON.stringify(data));
		},
	};
}

/** How many events Step Functions records where the engine tells one. */
function eventsOf(event: EngineEvent): number {
	switch (event.type) {
		case 'StateEntered':
			// Entered; a Task is then scheduled and started, and submitted where it waits for its execution. A Map is started.
			if (event.state.type === 'Task') return WAITING_STATES.has(event.state.name) ? 4 : 3;
			return event.state.type === 'Map' ? 2 : 1;
		case 'StateExited':
			// A Task or a Map succeeds, and is left.
			return event.state.type === 'Task' || event.state.type === 'Map' ? 2 : 1;
		case 'StateRetried':
			// The try has failed; the next one is scheduled and started.
			return WAITING_STATES.has(event.state.name) ? 4 : 3;
		default:
			return 1;
	}
}

function dataOf(event: EngineEvent): unknown[] {
	if ('state' in event) return [event.state.input, event.state.output ?? null, ...('Cause' in event ? [String(event.Cause)] : [])];
	if ('Cause' in event) return [String(event.Cause)];
	return [...('input' in event ? [event.input] : []), ...('output' in event ? [event.output] : [])];
}
