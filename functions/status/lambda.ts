/** Tells where runs of one agent stand, behind a URL. Of an agent's code it needs nothing but the name. */
import { readEnvironment, statusVariables } from '../lambda/environment.ts';
import { overUrlOrDirectly } from '../lambda/function-url.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { statusHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(statusVariables);
	const ledger = await ledgerOf(given);
	return overUrlOrDirectly(statusHandler({ ...ledger, agent: given.THROUGHLINE_AGENT, log, exit }) as LambdaHandler);
}
