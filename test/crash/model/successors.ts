/** Every atomic action that may come next, whoever takes it. */
import { planningMoves, runMoves, stepMoves } from './execution-moves.ts';
import { functionMoves, outsideMoves } from './people-moves.ts';
import { tickMoves } from './time.ts';
import { toolMoves } from './tool-moves.ts';
import type { Move, Process, Setting, World } from './world.ts';

export async function successors(setting: Setting, world: World): Promise<Move[]> {
	const moves: Move[] = [];
	for (const process of world.processes) moves.push(...(await movesOf(setting, world, process)));
	moves.push(...(await outsideMoves(setting, world)), ...tickMoves(world, setting.scenario));
	return moves;
}

function movesOf(setting: Setting, world: World, process: Process): Promise<Move[]> {
	switch (process.is) {
		case 'run':
			return runMoves(setting, world, process);
		case 'step':
			return stepMoves(setting, world, process);
		case 'tool':
			return toolMoves(setting, world, process);
		case 'function':
			return process.call.call.fn === 'plan' ? planningMoves(setting, world, process) : functionMoves(setting, world, process);
	}
}
