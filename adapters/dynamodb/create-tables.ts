/** The tables as the deployment makes them, for DynamoDB Local and for trying out. */
import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { openedIndex } from './items.ts';
import { keyAttribute } from './writes.ts';

const WAIT_SECONDS = 60;
const POLL_SECONDS = 1;

/** Answers when all of them can be used. @throws what the SDK throws, for one that exists already as well. */
export async function createTables(
	client: DynamoDBClient,
	names: { ledgerTable: string; keysTable: string; applicationTables: readonly string[] },
): Promise<void> {
	const inputs = [
		ledgerTable(names.ledgerTable),
		keyedTable(names.keysTable, 'run'),
		...names.applicationTables.map((name) => keyedTable(name, keyAttribute)),
	];
	await Promise.all(
		inputs.map(async (input) => {
			await client.send(new CreateTableCommand(input));
			await waitUntilTableExists(
				{ client, maxWaitTime: WAIT_SECONDS, minDelay: POLL_SECONDS, maxDelay: POLL_SECONDS },
				{ TableName: input.TableName },
			);
		}),
	);
}

const ledgerTable = (name: string): CreateTableCommandInput => ({
	TableName: name,
	BillingMode: 'PAY_PER_REQUEST',
	AttributeDefinitions: ['pk', 'sk', 'opened'].map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
	KeySchema: [
		{ AttributeName: 'pk', KeyType: 'HASH' },
		{ AttributeName: 'sk', KeyType: 'RANGE' },
	],
	GlobalSecondaryIndexes: [
		{
			IndexName: openedIndex,
			KeySchema: [
				{ AttributeName: 'opened', KeyType: 'HASH' },
				{ AttributeName: 'pk', KeyType: 'RANGE' },
			],
			Projection: { ProjectionType: 'KEYS_ONLY' },
		},
	],
});

const keyedTable = (name: string, key: string): CreateTableCommandInput => ({
	TableName: name,
	BillingMode: 'PAY_PER_REQUEST',
	AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
	KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
});
