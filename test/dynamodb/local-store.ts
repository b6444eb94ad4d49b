/** A store over fresh tables in DynamoDB Local. */
import { inject } from 'vitest';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { createTables } from '../../adapters/dynamodb/create-tables.ts';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { generation } from '../contract/open-store.ts';

export const localClient = () =>
	dynamoClient({
		endpoint: inject('dynamodbEndpoint'),
		region: 'eu-central-1',
		credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
	});

let stores = 0;

/** Tables of its own, so that tests don't meet. */
export async function localOptions(): Promise<DynamoOptions> {
	stores += 1;
	const name = (table: string) => `${table}-${process.pid}-${stores}-${Date.now()}`;
	const tables = { orders: name('orders'), stock: name('stock') };
	const options = { client: localClient(), generation, ledgerTable: name('ledger'), keysTable: name('keys'), tables };
	await createTables(options.client, { ...options, applicationTables: Object.values(tables) });
	return options;
}

export const localStore = async () => dynamoStore(await localOptions());
