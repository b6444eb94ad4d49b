/** A tool's guard, as Lambda loads it: the one function that may assume this tool's roles. */
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import { stsClient, stsIssuer } from '../../adapters/sts/issuer.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { guardVariables, readEnvironment } from '../lambda/environment.ts';
import { exit, type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { guardHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const given = readEnvironment(guardVariables);
	const own = {
		tool: given.THROUGHLINE_TOOL,
		marginMs: given.THROUGHLINE_MARGIN_MS,
		toolSeconds: given.THROUGHLINE_TOOL_SECONDS,
		issuer: stsIssuer({ client: stsClient(), rolePrefix: given.THROUGHLINE_ROLE_PREFIX }),
		commitAccess: given.THROUGHLINE_COMMIT_ACCESS,
	};
	const ledger = await ledgerOf(given, given.THROUGHLINE_TABLES);
	return guardHandler({ ...ledger, ...own, agent, policies: cedarPolicies({ agent }), log, exit }) as LambdaHandler;
}
