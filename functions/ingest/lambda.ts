/** Takes CloudTrail's events off the stream, as Lambda loads it. It writes witnesses and nothing else. */
import { dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import { sqsClient, sqsPoison } from '../../adapters/sqs/poison.ts';
import { ingestVariables, knownOf, readEnvironment } from '../lambda/environment.ts';
import { type LambdaHandler, log } from '../lambda/surroundings.ts';
import { ingestHandler } from './handler.ts';
import { noting } from './noting.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(ingestVariables);
	const [client, table] = [dynamoClient(), given.THROUGHLINE_WITNESSES_TABLE];
	return ingestHandler({
		witnesses: noting(dynamoWitnesses(client, table), { moved: dynamoMoved(client, table), now: () => Date.now() }),
		poison: sqsPoison({ client: sqsClient(), queueUrl: given.THROUGHLINE_POISON_QUEUE }),
		known: knownOf(given),
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
