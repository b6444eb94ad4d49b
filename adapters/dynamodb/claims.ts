/** Claims on business keys, in the ledger's own table: the newest is the last item of its key. They are written by `Ledger.append`. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Claims } from '../../core/ports.ts';
import { claimKey, claimOf } from './items.ts';
import { queried } from './query.ts';

export function dynamoClaims(client: DynamoDBClient, table: string): Claims {
	return {
		latest: async (tool, key) => {
			const [item] = await queried(client, {
				TableName: table,
				KeyConditionExpression: 'pk = :pk',
				ExpressionAttributeValues: { ':pk': { S: claimKey(tool, key) } },
				ConsistentRead: true,
				ScanIndexForward: false,
				Limit: 1,
			});
			return item && claimOf(item, table);
		},
	};
}
