/** What the functions for people have besides the ledger: the machine that takes a run up again. */
import { machineClient, machineExecutions } from '../../adapters/stepfunctions/executions.ts';
import { readEnvironment, recoveringVariables } from './environment.ts';
import { callerOf } from './function-url.ts';
import { clock, exit, ledgerOf, log } from './surroundings.ts';

export async function deskSurroundings() {
	const given = readEnvironment(recoveringVariables);
	const executions = machineExecutions({ client: machineClient(), arns: { recover: given.THROUGHLINE_RECOVER_MACHINE } });
	return { ...(await ledgerOf(given)), executions, clock, log, exit, callerOf };
}
