/** What executions do, as the state machines have it: plan, do the steps, wait out, settle; and their ends. */
import type { PlanAnswer } from '../../../functions/plan/plan.ts';
import { killed } from './delivery.ts';
import { answered, brokenByThrowing, settled } from './landing.ts';
import { invoked } from './tool-moves.ts';
import {
	type FunctionProcess,
	joined,
	type Move,
	type RunExecution,
	replaced,
	type Setting,
	type StepExecution,
	spent,
	type World,
} from './world.ts';

export async function stepMoves(setting: Setting, world: World, execution: StepExecution): Promise<Move[]> {
	const { at } = execution;
	if (at.is === 'ready') return invoked(setting, world, execution);
	if (at.is !== 'waiting' || at.left > 0) return [];
	return invoked(setting, world, execution);
}

export async function runMoves(setting: Setting, world: World, execution: RunExecution): Promise<Move[]> {
	const { run, epoch } = execution;
	const moves: Move[] = [];
	if (execution.at === 'plan') {
		const call = await settled({ setting, world }, await setting.shipped.begun({ fn: 'plan', run, epoch }));
		const process: FunctionProcess = { is: 'function', run, epoch, heard: true, call, starts: null };
		const began = joined(replaced(world, execution, { ...execution, at: 'planning' }), process);
		moves.push(afterPlanning(began, process, `${run} epoch ${epoch}: plan`));
	}
	if (world.left.kills > 0)
		moves.push({ says: `${run}: the execution of epoch ${epoch} ends`, world: spent(killed(world, execution), 'kills') });
	return moves;
}

/** A planner's function goes on. */
export async function planningMoves(setting: Setting, world: World, process: FunctionProcess): Promise<Move[]> {
	const landed = await answered(setting, world, { call: process.call, age: 0 });
	const next: FunctionProcess = { ...process, call: landed.call };
	const says = `${process.run} epoch ${process.epoch}${process.heard ? '' : ' (zombie)'}: ${landed.says}`;
	if (landed.broken) return [{ says, world: landed.world, broken: landed.broken }];
	const moves = [afterPlanning(replaced(landed.world, process, next), next, says)];
	if (process.heard && world.left.zombies > 0) {
		const execution = world.processes.find((other) => other.is === 'run' && other.run === process.run && other.epoch === process.epoch);
		const lost = replaced(world, process, { ...process, heard: false });
		const again = execution?.is === 'run' ? replaced(lost, execution, { ...execution, at: 'plan' }) : lost;
		moves.push({ says: `${process.run}: the planner’s answer is lost, it goes on`, world: spent(again, 'zombies') });
	}
	return moves;
}

function afterPlanning(world: World, process: FunctionProcess, says: string): Move {
	const { call } = process;
	if (call.now.is === 'asks') return { says, world };
	const execution = world.processes.find(
		(other): other is RunExecution => process.heard && other.is === 'run' && other.run === process.run && other.epoch === process.epoch,
	);
	const gone = replaced(world, process);
	if (call.now.is === 'threw') return { says: `${says}: ${call.now.name}`, world: gone, broken: brokenByThrowing(call) };
	const answer = call.now.answer as PlanAnswer;
	return { says: `${says} (${answer.next})`, world: execution ? planned(gone, execution, answer) : gone };
}

/** agent-run.asl: `Planned`. */
function planned(world: World, execution: RunExecution, answer: PlanAnswer): World {
	if (answer.next === 'plan') return replaced(world, execution, { ...execution, at: 'plan' });
	if (answer.next !== 'act') return replaced(world, execution);
	const steps = answer.steps.map(
		({ run, step, epoch }): StepExecution => ({ is: 'step', run, step, epoch, at: { is: 'ready', next: { state: 'act' } } }),
	);
	return joined(replaced(world, execution, { ...execution, at: 'steps' }), ...steps);
}
