/** A table of the audit, as the stack makes it, that no other test has. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { here } from './local-store.ts';

let tables = 0;
export async function auditTable(): Promise<string> {
	tables += 1;
	const client = new DynamoDBClient({ ...here, endpoint: inject('dynamodbEndpoint'), maxAttempts: 1 });
	const TableName = `audit-${process.pid}-${tables}-${Date.now()}`;
	await client.send(
		new CreateTableCommand({
			TableName,
			BillingMode: 'PAY_PER_REQUEST',
			AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
			KeySchema: [
				{ AttributeName: 'pk', KeyType: 'HASH' },
				{ AttributeName: 'sk', KeyType: 'RANGE' },
			],
		}),
	);
	client.destroy();
	return TableName;
}
