/** A table as those of the audit are, one for each who asks. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { here } from './local-store.ts';

let tables = 0;
export async function madeTable(): Promise<string> {
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
