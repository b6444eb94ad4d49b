/** Takes in what an agent that runs elsewhere says: behind a URL, and from the state machine that was started with a call. */
import type { Agent } from '../../core/agent/agent.ts';
import { ledgerVariables, readEnvironment } from '../lambda/environment.ts';
import { overUrlOrDirectly } from '../lambda/function-url.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { intakeHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const ledger = await ledgerOf(readEnvironment(ledgerVariables));
	return overUrlOrDirectly(intakeHandler({ ...ledger, agent, log, exit }) as LambdaHandler);
}
