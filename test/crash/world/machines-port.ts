/** The port to the state machines as one process of a world sees it: what it starts, and what is under way. */
import type { MachineName } from '../../../core/ids.ts';
import type { Executions } from '../../../core/ports.ts';
import { cross, type Process, passed, type Running } from './crossing.ts';
import { start } from './executions.ts';
import type { Execution } from './world.ts';

export function executionsOf(running: Running, process: Process): Executions {
	const { world } = running;
	/** A branch that goes on alone, after its execution's end, is in nobody's list. */
	const underWay = (machine: MachineName): Execution[] =>
		world.executions.filter((one) => one.machine === machine && one.within === undefined);
	const call = <T>(at: 'executions.start' | 'executions.isRunning' | 'executions.running', effect: () => Promise<T>): Promise<T> =>
		cross(running, process, { at, effect: passed(at, effect) });
	return {
		start: (machine, { name, input }) =>
			call('executions.start', async () => {
				// The same name while its execution runs is answered like a start.
				if (underWay(machine).some((one) => one.name === name)) return 'started';
				return start(world, { machine, name, input: { ...input, run: String(input.run) } }) ? 'started' : 'exists';
			}),
		isRunning: (machine, name) => call('executions.isRunning', async () => underWay(machine).some((one) => one.name === name)),
		running: (machine) => call('executions.running', async () => underWay(machine).map(({ name }) => name)),
	};
}
