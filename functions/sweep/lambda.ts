/** The sweeper, as Lambda loads it. */
import { machineClient, machineExecutions } from '../../adapters/stepfunctions/executions.ts';
import { readEnvironment, sweepVariables } from '../lambda/environment.ts';
import { type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { sweepHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(sweepVariables);
	const arns = {
		'agent-run': given.THROUGHLINE_AGENT_RUN_MACHINE,
		step: given.THROUGHLINE_STEP_MACHINES,
		recover: given.THROUGHLINE_RECOVER_MACHINE,
	};
	return sweepHandler({
		...(await ledgerOf(given)),
		executions: machineExecutions({ client: machineClient(), arns }),
		log,
	}) as LambdaHandler;
}
