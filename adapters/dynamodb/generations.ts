/**
 * The life of the ledger's table: whether the archive has confirmed it, and putting back what a backup lacked. The mark lies
 * in the table itself, under the id that DynamoDB gave it: restored, the table has another id, and the mark is another's.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Generation, LedgerItem } from '../../core/audit/archive-ports.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { inserted } from './insert.ts';
import { claimItem, claimOf, type DynamoItem, entryItem, sortKey } from './items.ts';
import { queried } from './query.ts';

export const generationKey = (id: string): string => `generation#${id}`;

export function dynamoGeneration({ client, table, id }: { client: DynamoDBClient; table: string; id: string }): Generation {
	const put = (item: DynamoItem) => inserted({ client, table }, item);
	return {
		id,
		isConfirmed: async () => {
			const items = await queried(client, {
				TableName: table,
				KeyConditionExpression: 'pk = :pk',
				ExpressionAttributeValues: { ':pk': { S: generationKey(id) } },
				ConsistentRead: true,
				Limit: 1,
			});
			return items.length > 0;
		},
		putBack: async (item) => {
			const there = await put(item.is === 'entry' ? entryItem(item.entry) : claimItem(item.claim));
			if (!there) return 'put';
			return isThe(there, item, table) ? 'there' : 'other';
		},
		confirm: async () => void (await put({ pk: { S: generationKey(id) }, sk: sortKey(0) })),
	};
}

function isThe(there: DynamoItem, item: LedgerItem, table: string): boolean {
	if (item.is === 'entry') return there.body?.S === item.entry.body;
	try {
		return canonical(claimOf(there, table)) === canonical(item.claim);
	} catch {
		return false;
	}
}

/** @throws LedgerUnavailable before the archive has confirmed the table's present life. */
export async function refuseUnconfirmed(generation: Generation, table: string): Promise<void> {
	if (await generation.isConfirmed()) return;
	throw new LedgerUnavailable(
		`table ${table} is new or was restored, and its archive has not confirmed it: nobody writes before what a backup lacks is put back. It does so within minutes; if not, read docs/runbook.md#unconfirmed`,
	);
}
