/** Keys of runs, in a small table of their own. It has no backups: a key that a backup still holds is not erased. */
import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { RunKeys } from '../../core/ports.ts';
import { damagedItem, withoutAnswer } from './errors.ts';
import type { DynamoItem } from './items.ts';

/** A destroyed key leaves its item behind, without the key, so that no other takes its place. */
const keyItem = z.union([
	z.object({ key: z.object({ B: z.instanceof(Uint8Array).refine((key) => key.length === 32) }) }),
	z.object({ destroyed: z.object({ BOOL: z.literal(true) }) }),
]);

export function dynamoKeys(client: DynamoDBClient, table: string): RunKeys {
	const standing = (item: DynamoItem | undefined, run: string): Uint8Array | undefined => {
		if (!item) return undefined;
		const parsed = keyItem.safeParse(item);
		if (!parsed.success) throw damagedItem(table, `the key of run ${run}`);
		return 'key' in parsed.data ? parsed.data.key.B : undefined;
	};
	return {
		create: async (run, key) => {
			const item = { run: { S: run }, key: { B: key } };
			const names = { '#run': 'run' };
			const condition = {
				ConditionExpression: 'attribute_not_exists(#run)',
				ExpressionAttributeNames: names,
				ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
			} as const;
			try {
				await client.send(new PutItemCommand({ TableName: table, Item: item, ...condition }));
				return key;
			} catch (error) {
				if (!(error instanceof ConditionalCheckFailedException)) throw withoutAnswer(error, table);
				const stands = standing(error.Item, run);
				if (!stands) throw new Error(`the key of run ${run} was destroyed and its content with it; a new run has to have another id`);
				return stands;
			}
		},
		get: async (run) => {
			const command = new GetItemCommand({ TableName: table, Key: { run: { S: run } }, ConsistentRead: true });
			const { Item } = await client.send(command).catch((error: unknown) => {
				throw withoutAnswer(error, table);
			});
			return standing(Item, run);
		},
		destroy: async (run) => {
			const Item = { run: { S: run }, destroyed: { BOOL: true } };
			await client.send(new PutItemCommand({ TableName: table, Item })).catch((error: unknown) => {
				throw withoutAnswer(error, table);
			});
		},
	};
}
