/** Takes CloudTrail's events off the stream, as Lambda loads it. It writes witnesses and nothing else. */
import { dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { sqsClient, sqsPoison } from '../../adapters/sqs/poison.ts';
import { ingestVariables, knownOf, readEnvironment } from '../lambda/environment.ts';
import { type LambdaHandler, log } from '../lambda/surroundings.ts';
import { ingestHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(ingestVariables);
	return ingestHandler({
		witnesses: dynamoWitnesses(dynamoClient(), given.THROUGHLINE_WITNESSES_TABLE),
		poison: sqsPoison({ client: sqsClient(), queueUrl: given.THROUGHLINE_POISON_QUEUE }),
		known: knownOf(given),
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
