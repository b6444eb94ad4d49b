/** An agent's planner, as Lambda loads it. */
import type { Agent } from '../../core/agent/agent.ts';
import { ledgerVariables, readEnvironment } from '../lambda/environment.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { settingsOf } from '../settings.ts';
import { planHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const ledger = await ledgerOf(readEnvironment(ledgerVariables));
	return planHandler({ ...ledger, agent, settings: settingsOf(agent), log, exit }) as LambdaHandler;
}
