/** Takes runs of any agent up again, as Lambda loads it. */
import { ledgerVariables, readEnvironment } from '../lambda/environment.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { resumeHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const ledger = await ledgerOf(readEnvironment(ledgerVariables));
	return resumeHandler({ ...ledger, by: 'function:resume', log, exit }) as LambdaHandler;
}
