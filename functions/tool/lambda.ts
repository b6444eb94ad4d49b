/** A tool's function, as Lambda loads it. Its guard is all of ours that it can reach. */
import { lambdaClient, lambdaFunctions } from '../../adapters/lambda/functions.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { guardAnswer } from '../guard/protocol.ts';
import { readEnvironment, toolVariables } from '../lambda/environment.ts';
import { exit, type LambdaHandler, log } from '../lambda/surroundings.ts';
import { settingsOf } from '../settings.ts';
import { toolHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const given = readEnvironment(toolVariables);
	const tool = agent.tools.get(given.THROUGHLINE_TOOL);
	if (!tool) throw new Error(`agent ${agent.name} has no tool ${given.THROUGHLINE_TOOL}; deploy the tool and the agent together`);
	const functions = lambdaFunctions(lambdaClient());
	const guard = async (request: unknown) => guardAnswer.parse(await functions.invoke(given.THROUGHLINE_GUARD_FUNCTION, request));
	return toolHandler({ tool, guard, settings: settingsOf(agent), log, exit }) as LambdaHandler;
}
