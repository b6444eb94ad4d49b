/** One item, put where there is none. */
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { withoutAnswer } from './errors.ts';
import type { DynamoItem } from './items.ts';

const unlessThere = { ConditionExpression: 'attribute_not_exists(sk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

/** The item that stood there before, if one did: nothing is ever replaced. @throws LedgerUnavailable, NoAnswer */
export async function inserted(
	{ client, table }: { readonly client: DynamoDBClient; readonly table: string },
	item: DynamoItem,
): Promise<DynamoItem | undefined> {
	try {
		await client.send(new PutItemCommand({ TableName: table, Item: item, ...unlessThere }));
		return undefined;
	} catch (error) {
		if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
		throw withoutAnswer(error, table);
	}
}
