/** A store over fresh tables in DynamoDB Local. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { createTables } from '../../adapters/dynamodb/create-tables.ts';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { dynamoGeneration } from '../../adapters/dynamodb/generations.ts';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { generation } from '../contract/open-store.ts';

export const here = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
/** Tries as often as the shipped one, and is patient: on a busy machine a database that works may take seconds, and tests count requests. */
export const localClient = (endpoint = inject('dynamodbEndpoint')) =>
	new DynamoDBClient({ ...here, endpoint, maxAttempts: dynamoClient({ ...here, endpoint }).config.maxAttempts });

let stores = 0;

/** Tables of its own, so that tests don't meet. */
export async function localOptions(
	declared: readonly string[] = ['orders', 'stock'],
	endpoint = inject('dynamodbEndpoint'),
): Promise<DynamoOptions> {
	stores += 1;
	const name = (table: string) => `${table}-${process.pid}-${stores}-${Date.now()}`;
	const tables = Object.fromEntries(declared.map((table) => [table, name(table)]));
	const options = { client: localClient(endpoint), generation, ledgerTable: name('ledger'), keysTable: name('keys'), tables };
	// A database that has just begun takes its time, and a table that is made twice is an error.
	const patient = new DynamoDBClient({ ...here, endpoint, maxAttempts: 1 });
	await createTables(patient, { ...options, applicationTables: Object.values(tables) });
	patient.destroy();
	return options;
}

export const localStore = async () => dynamoStore(await localOptions());

/** As its archive does before anybody may use a table. */
export async function confirmed({ client, ledgerTable: table }: Pick<DynamoOptions, 'client' | 'ledgerTable'>): Promise<void> {
	await dynamoGeneration({ client, table, id: await tableGeneration(client, table) }).confirm();
}
