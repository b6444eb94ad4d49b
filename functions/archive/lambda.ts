/** The archive, as Lambda loads it: the one function that may write where nobody can change it. */
import { dynamoFindings } from '../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { dynamoGeneration } from '../../adapters/dynamodb/generations.ts';
import { dynamoBookmark, dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { changeOf, streamRecord } from '../../adapters/dynamodb/stream.ts';
import { s3Archive } from '../../adapters/s3/archive.ts';
import { s3Client } from '../../adapters/s3/payloads.ts';
import { sqsClosedRuns } from '../../adapters/sqs/closed-runs.ts';
import { sqsClient } from '../../adapters/sqs/poison.ts';
import { archiveVariables, readEnvironment } from '../lambda/environment.ts';
import { type LambdaHandler, log } from '../lambda/surroundings.ts';
import { archiveHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const given = readEnvironment(archiveVariables);
	const client = dynamoClient();
	const [table, findings] = [given.THROUGHLINE_LEDGER_TABLE, given.THROUGHLINE_FINDINGS_TABLE];
	const id = await tableGeneration(client, table);
	// Keys are for content, which this function has no business to open.
	const { ledger, runs } = dynamoStore({ client, generation: id, ledgerTable: table, keysTable: 'none', tables: {} });
	return archiveHandler({
		archive: s3Archive({ client: s3Client(), bucket: given.THROUGHLINE_ARCHIVE_BUCKET }),
		findings: dynamoFindings(client, findings),
		generation: dynamoGeneration({ client, table, id }),
		ledger,
		runs,
		moved: dynamoMoved(client, findings),
		closed: sqsClosedRuns({ client: sqsClient(), queues: new Map(Object.entries(given.THROUGHLINE_CLOSED_QUEUES)) }),
		bookmark: dynamoBookmark(client, findings, 'archive'),
		record: streamRecord,
		changeOf,
		log,
		say: (line) => void process.stdout.write(`${line}\n`),
		now: () => Date.now(),
	}) as LambdaHandler;
}
