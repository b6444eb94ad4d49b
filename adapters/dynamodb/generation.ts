/** The ledger's generation: the id that DynamoDB gave its table. A restored table has another, whatever its name. */
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { damagedItem, withoutAnswer } from './errors.ts';

/** @throws LedgerUnavailable, NoAnswer */
export async function tableGeneration(client: DynamoDBClient, table: string): Promise<string> {
	const { Table } = await client.send(new DescribeTableCommand({ TableName: table })).catch((error: unknown) => {
		throw withoutAnswer(error, table);
	});
	// Emulators may give no id; when a table was made tells as much on one machine.
	const generation = Table?.TableId ?? Table?.CreationDateTime?.toISOString();
	if (generation === undefined) throw damagedItem(table, 'its description');
	return generation;
}
