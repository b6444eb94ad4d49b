/** Lays the runs of one agent beside what was seen of them, as Lambda loads it. */
import { dynamoCoverage, dynamoFindings, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { dynamoBookmark, dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { eitherMoved } from '../../core/audit/rounds.ts';
import { deployedTerms } from '../../core/audit/terms.ts';
import { reconcileFunction } from '../../core/ids.ts';
import { readEnvironment, reconcileVariables } from '../lambda/environment.ts';
import { type LambdaHandler, ledgerOf, log } from '../lambda/surroundings.ts';
import { reconcileHandler } from './handler.ts';

export async function lambda(agent: Agent): Promise<LambdaHandler> {
	const given = readEnvironment(reconcileVariables);
	const delayMs = given.THROUGHLINE_RECONCILE_DELAY_SECONDS * 1000;
	const { store } = await ledgerOf(given);
	const client = dynamoClient();
	const [witnesses, findings] = [given.THROUGHLINE_WITNESSES_TABLE, given.THROUGHLINE_FINDINGS_TABLE];
	// What is noted here stands beside the findings: witnesses are put by others.
	const moved = dynamoMoved(client, findings);
	return reconcileHandler({
		agent: agent.name,
		store,
		witnesses: dynamoWitnesses(client, witnesses),
		coverage: dynamoCoverage(client, witnesses),
		findings: dynamoFindings(client, findings),
		moved: { note: moved.note, ...eitherMoved(moved, dynamoMoved(client, witnesses)) },
		bookmark: dynamoBookmark(client, findings, reconcileFunction(agent.name)),
		agentOf: async (name) => (name === agent.name ? agent : undefined),
		terms: async () => deployedTerms({ regions: given.THROUGHLINE_REGIONS, delayMs, nowMs: Date.now() }),
		delayMs,
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
