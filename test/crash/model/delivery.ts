/** What an execution makes of its function's answer, as the state machines have it. */
import type { StepStatus } from '../../../functions/guard/protocol.ts';
import { type Next, type RunExecution, replaced, type StepExecution, type ToolProcess, type World } from './world.ts';

/** step.asl: `Acted`. A zombie's answer reaches nobody. */
export function allDelivered(world: World, process: ToolProcess, status: StepStatus): World {
	const execution = process.heard ? executionOf(world, process) : undefined;
	if (!execution) return world;
	switch (status.status) {
		case 'in-doubt': {
			const next: Next = { state: 'settle', attempts: status.attempts };
			return replaced(world, execution, { ...execution, at: { is: 'waiting', left: status.waitSeconds, next } });
		}
		case 'again':
			return replaced(world, execution, { ...execution, at: { is: 'ready', next: { state: 'act' } } });
		default:
			return stepsOver(replaced(world, execution), execution);
	}
}

/** The function failed, or its answer was lost: the state machine tries the same state again. */
export function failedBack(world: World, process: ToolProcess): World {
	const execution = process.heard ? executionOf(world, process) : undefined;
	if (execution?.at.is !== 'invoking') return world;
	return replaced(world, execution, { ...execution, at: { is: 'ready', next: execution.at.next } });
}

const executionOf = (world: World, { run, step, epoch }: ToolProcess): StepExecution | undefined =>
	world.processes.find(
		(other): other is StepExecution => other.is === 'step' && other.run === run && other.step === step && other.epoch === epoch,
	);

/** agent-run.asl: after the last of its steps, `Plan`. */
function stepsOver(world: World, { run, epoch }: StepExecution): World {
	if (world.processes.some((other) => other.is === 'step' && other.run === run && other.epoch === epoch)) return world;
	const execution = world.processes.find(
		(other): other is RunExecution => other.is === 'run' && other.run === run && other.epoch === epoch,
	);
	return execution ? replaced(world, execution, { ...execution, at: 'plan' }) : world;
}

/** A step that could not go on ends the run's execution too. */
export const interrupted = (world: World, process: ToolProcess): World => (process.heard ? killed(world, process) : world);

/** An execution ends, and those of its steps with it; its functions go on without it. */
export function killed(world: World, { run, epoch }: { run: string; epoch: number }): World {
	const processes = world.processes.flatMap((process) => {
		if (process.run !== run || process.epoch !== epoch) return [process];
		if (process.is === 'run' || process.is === 'step') return [];
		return [{ ...process, heard: false }];
	});
	return { ...world, processes };
}
