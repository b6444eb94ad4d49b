/**
 * The ledger as items. L1 is the condition of the put: DynamoDB takes a place once, whoever asks at the same time.
 *
 * A transaction carries no token of ours. The SDK makes one a call, which covers its own second try; a repeat by core has a new
 * one, so it is judged by its conditions and answers like a lone put: a conflict with its own body when it had landed.
 */
import {
	ConditionalCheckFailedException,
	type DynamoDBClient,
	PutItemCommand,
	TransactionCanceledException,
	TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import { checkAppend } from '../../core/ledger/check-append.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import { type Appended, type Credentials, type Ledger, LedgerUnavailable, type Together } from '../../core/ports.ts';
import { afterWrite } from './errors.ts';
import { chainKey, claimItem, claimOf, entryItem, entryOf, sortKey } from './items.ts';
import { queried } from './query.ts';
import { type RealName, transactItem } from './writes.ts';

const unlessTaken = { ConditionExpression: 'attribute_not_exists(sk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

type Options = {
	client: DynamoDBClient;
	/** A client that writes as somebody else, for one request. */
	as: (session: Credentials) => DynamoDBClient;
	table: string;
	generation: string;
	realName: RealName;
};

export function dynamoLedger({ client, as, table, generation, realName }: Options): Ledger {
	const query = async (chain: string, { from, limit, ascending }: { from: number; limit: number; ascending: boolean }) => {
		if (!Number.isInteger(limit) || limit < 1 || limit > ENTRIES_PER_QUERY)
			throw new RangeError(`a query reads 1 to ${ENTRIES_PER_QUERY} entries, not ${limit}`);
		const items = await queried(client, {
			TableName: table,
			KeyConditionExpression: 'pk = :pk AND sk >= :from',
			ExpressionAttributeValues: { ':pk': { S: chainKey(chain) }, ':from': sortKey(from) },
			ConsistentRead: true,
			ScanIndexForward: ascending,
			Limit: limit,
		});
		return items.map((item) => entryOf(item, chain, table));
	};
	return {
		generation,
		read: (chain, { from, limit }) => query(chain, { from, limit, ascending: true }),
		latest: async (chain, limit) => (await query(chain, { from: 0, limit, ascending: false })).reverse(),
		append: async (entry, together = {}) => {
			checkAppend(entry, together);
			const alone = !together.claim && !together.writes?.length;
			const writer = together.session ? as(together.session) : client;
			return alone ? put(writer, table, entry) : transact({ client: writer, table, realName }, entry, together);
		},
	};
}

async function put(client: DynamoDBClient, table: string, entry: StoredEntry): Promise<Appended> {
	const command = new PutItemCommand({ TableName: table, Item: entryItem(entry), ...unlessTaken });
	try {
		await client.send(command);
		return { is: 'appended' };
	} catch (error) {
		if (error instanceof ConditionalCheckFailedException) return { is: 'conflict', holder: entryOf(error.Item, entry.chain, table) };
		return knownOrThrown(afterWrite(error, table));
	}
}

async function transact(
	{ client, table, realName }: Pick<Options, 'client' | 'table' | 'realName'>,
	entry: StoredEntry,
	together: Together,
): Promise<Appended> {
	const { claim, writes = [] } = together;
	const items = [
		{ Put: { TableName: table, Item: entryItem(entry), ...unlessTaken } },
		...(claim ? [{ Put: { TableName: table, Item: claimItem(claim), ...unlessTaken } }] : []),
		...writes.map((write) => transactItem(write, realName)),
	];
	try {
		await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
		return { is: 'appended' };
	} catch (error) {
		if (error instanceof TransactionCanceledException) return cancelled(error, { entry, together, table });
		return knownOrThrown(afterWrite(error, table));
	}
}

/**
 * The first reason that isn't `None`, in the order of the items: entry, claim, writes.
 * One that only means "not now" hides what comes after it: the place may be getting taken at this moment.
 */
function cancelled(
	error: TransactionCanceledException,
	{ entry, together, table }: { entry: StoredEntry; together: Together; table: string },
): Appended {
	const reasons = error.CancellationReasons ?? [];
	const index = reasons.findIndex(({ Code = 'None' }) => Code !== 'None');
	const reason = reasons[index];
	const write = index - (together.claim ? 2 : 1);
	if (reason?.Code === 'ConditionalCheckFailed') {
		if (index === 0) return { is: 'conflict', holder: entryOf(reason.Item, entry.chain, table) };
		return write < 0 ? { is: 'claimed', holder: claimOf(reason.Item, table) } : { is: 'refused', write };
	}
	const said = reason ? `item ${index}: ${reason.Code}: ${reason.Message}` : error.message;
	if (reason?.Code === 'ValidationError')
		throw new LedgerUnavailable(`table ${table} takes no such transaction; nothing was written. Compare docs/spec/storage.md. ${said}`);
	return { is: 'unknown', cause: `the transaction was cancelled, ${said}` };
}

function knownOrThrown(end: ReturnType<typeof afterWrite>): Appended {
	if (end instanceof LedgerUnavailable) throw end;
	return end;
}
