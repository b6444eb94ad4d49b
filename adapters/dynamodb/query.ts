import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { withoutAnswer } from './errors.ts';
import type { DynamoItem } from './items.ts';

/** A page holds a megabyte, so at least two items of the largest size. */
const pagesAtMost = (limit: number): number => limit + 1;

/**
 * All items of a query up to its limit, over as many pages as they take.
 * @throws LedgerUnavailable, NoAnswer
 */
export async function queried(
	client: DynamoDBClient,
	input: QueryCommandInput & { TableName: string; Limit: number },
): Promise<DynamoItem[]> {
	const items: DynamoItem[] = [];
	let start: DynamoItem | undefined;
	for (let page = 0; page < pagesAtMost(input.Limit); page += 1) {
		try {
			const answer = await client.send(new QueryCommand({ ...input, Limit: input.Limit - items.length, ExclusiveStartKey: start }));
			items.push(...(answer.Items ?? []));
			start = answer.LastEvaluatedKey;
		} catch (error) {
			throw withoutAnswer(error, input.TableName);
		}
		if (!start || items.length >= input.Limit) break;
	}
	return items;
}
