/** The list of runs: a sparse index over their first entries. It may lag by a moment, as a projection may. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Runs } from '../../core/ports.ts';
import { openedIndex, openedValue, runOf } from './items.ts';
import { queried } from './query.ts';

export function dynamoRuns(client: DynamoDBClient, table: string): Runs {
	return {
		list: async ({ after = '', limit }) => {
			const items = await queried(client, {
				TableName: table,
				IndexName: openedIndex,
				KeyConditionExpression: 'opened = :run AND pk > :after',
				ExpressionAttributeValues: { ':run': openedValue, ':after': { S: `run#${after}` } },
				Limit: limit,
			});
			return items.map((item) => runOf(item, table));
		},
	};
}
