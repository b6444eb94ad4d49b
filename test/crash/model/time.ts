/** One second passes for everybody: waits, lives of processes, powers of grants, ages at the target; and in the ledger where a rule reads it. */
import { openSteps } from '../../../core/ledger/state.ts';
import { aged } from './ledger.ts';
import { OLD_SECONDS, type Scenario } from './settings.ts';
import type { Move, Process, ToolProcess, World } from './world.ts';

const older = (age: number): number => Math.min(OLD_SECONDS, age + 1);
const less = (left: number): number => Math.max(0, left - 1);

/** Time matters while somebody waits; and always where rules read times. */
export function tickMoves(world: World, scenario: Scenario): Move[] {
	const waiting = world.processes.some((process) => process.is === 'step' && process.at.is === 'waiting' && process.at.left > 0);
	if (!waiting && !(scenario.timed && world.ledgers.some(({ state }) => openSteps(state).some((step) => step.attempts.length > 0))))
		return [];
	const truths = Object.entries(world.truths).map(([step, truth]) => [
		step,
		truth.effects > 0 ? { ...truth, age: older(truth.age) } : truth,
	]);
	return [
		{
			says: 'a second passes',
			world: {
				...world,
				truths: Object.fromEntries(truths),
				processes: world.processes.map((process) => later(process, scenario)),
				ledgers: scenario.timed ? world.ledgers.map(aged) : world.ledgers,
			},
		},
	];
}

function later(process: Process, scenario: Scenario): Process {
	if (process.is === 'step') {
		return process.at.is === 'waiting' && process.at.left > 0
			? { ...process, at: { ...process.at, left: less(process.at.left) } }
			: process;
	}
	return process.is === 'tool' ? laterTool(process, scenario) : process;
}

function laterTool(process: ToolProcess, scenario: Scenario): ToolProcess {
	const { doing } = process;
	switch (doing.is) {
		case 'asking':
			return { ...process, life: less(process.life), doing: { ...doing, age: ageOf(doing.age, scenario) } };
		case 'granted':
			return doing.acted ? process : { ...process, doing: { ...doing, power: less(doing.power) } };
		default:
			return process;
	}
}

/** Since the guard read its clock: told apart only as far as somebody reckons with it. */
function ageOf(age: number, { timed, fencedBy }: Scenario): number {
	return timed || fencedBy === 'credentials' ? older(age) : 0;
}
