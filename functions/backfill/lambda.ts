/** Reads the trail's own files for what the stream missed, as Lambda loads it. */
import { cloudTrailKeys } from '../../adapters/cloudtrail/keys.ts';
import { dynamoCoverage, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import { s3Client } from '../../adapters/s3/payloads.ts';
import { s3TrailFiles } from '../../adapters/s3/trail-files.ts';
import { noting } from '../ingest/noting.ts';
import { backfillVariables, knownOf, readEnvironment } from '../lambda/environment.ts';
import { type LambdaHandler, log } from '../lambda/surroundings.ts';
import { backfillHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(backfillVariables);
	const [client, table] = [dynamoClient(), given.THROUGHLINE_WITNESSES_TABLE];
	return backfillHandler({
		files: s3TrailFiles({ client: s3Client(), bucket: given.THROUGHLINE_TRAIL_BUCKET }),
		keys: cloudTrailKeys(),
		witnesses: noting(dynamoWitnesses(client, table), { moved: dynamoMoved(client, table), now: () => Date.now() }),
		coverage: dynamoCoverage(client, table),
		known: knownOf(given),
		trail: {
			account: given.THROUGHLINE_ACCOUNT,
			regions: given.THROUGHLINE_TRAIL_REGIONS,
			trail: given.THROUGHLINE_TRAIL_NAME,
			prefix: given.THROUGHLINE_TRAIL_PREFIX,
		},
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
