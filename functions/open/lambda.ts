/** Opens runs of one agent for callers outside, and starts what was opened. */
import { machineClient, machineExecutions } from '../../adapters/stepfunctions/executions.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { openVariables, readEnvironment } from '../lambda/environment.ts';
import { callerOf, overUrl } from '../lambda/function-url.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { executionName } from '../resume/resume.ts';
import { openHandler } from './handler.ts';
import type { OpenAnswer } from './open.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const given = readEnvironment(openVariables);
	const executions = machineExecutions({ client: machineClient(), arns: { 'agent-run': given.THROUGHLINE_AGENT_RUN_MACHINE } });
	const around = { ...(await ledgerOf(given)), agent, code: given.THROUGHLINE_CODE_DIGEST, log, exit, callerOf };
	const open = openHandler(around) as (...event: Parameters<LambdaHandler>) => Promise<OpenAnswer>;
	return overUrl(async (event, context) => {
		const answer = await open(event, context);
		// Opened before, it may have been by a call that died right here: its first execution is started once, by its name.
		const startable = answer.is === 'opened' || (answer.is === 'exists' && answer.same === true);
		if (startable && agent.planner) await start(answer.run, agent.name);
		return answer;
	});

	async function start(run: string, of: string): Promise<void> {
		await executions.start('agent-run', { name: executionName(run, 0), input: { run, agent: of, epoch: 0, hint: 0 } });
	}
}
