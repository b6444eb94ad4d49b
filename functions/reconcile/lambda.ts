/** Lays the runs of one agent beside what was seen of them, as Lambda loads it. */
import { dynamoCoverage, dynamoFindings, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { epochMs } from '../../core/ids.ts';
import { readEnvironment, reconcileVariables } from '../lambda/environment.ts';
import { type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { reconcileHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const given = readEnvironment(reconcileVariables);
	const delayMs = given.THROUGHLINE_RECONCILE_DELAY_SECONDS * 1000;
	const { store, runs } = await ledgerOf(given);
	const client = dynamoClient();
	return reconcileHandler({
		agent: agent.name,
		store,
		runs,
		witnesses: dynamoWitnesses(client, given.THROUGHLINE_WITNESSES_TABLE),
		coverage: dynamoCoverage(client, given.THROUGHLINE_WITNESSES_TABLE),
		findings: dynamoFindings(client, given.THROUGHLINE_FINDINGS_TABLE),
		agentOf: async (name) => (name === agent.name ? agent : undefined),
		terms: async () => ({
			regions: given.THROUGHLINE_REGIONS,
			watermark: { until: epochMs.parse(Date.now() - delayMs), restsOn: 'stream' },
			commits: 'witnessed',
		}),
		delayMs,
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
