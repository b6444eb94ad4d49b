/**
 * A DynamoDB that counts: what the adapters send is carried out in memory, and each request is charged as DynamoDB does by the
 * bytes of its items. It knows no more than the adapters ask for.
 */
import {
	type AttributeValue,
	ConditionalCheckFailedException,
	type DynamoDBClient,
	GetItemCommand,
	PutItemCommand,
	QueryCommand,
	TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoItem } from '../../adapters/dynamodb/items.ts';

export type Charged = { writeUnits: number; readUnits: number; storedBytes: number; readonly requests: Record<string, number> };
export const noCharge = (): Charged => ({ writeUnits: 0, readUnits: 0, storedBytes: 0, requests: {} });

const WRITE_BYTES = 1_024;
const READ_BYTES = 4_096;
/** Stored with each item, and not charged for when it is written. */
const ITEM_OVERHEAD_BYTES = 100;
/** Both sides of a transaction are paid. */
const TRANSACTION = 2;

/** Tables by name, each by its keys. */
export type Tables = Map<string, Map<string, DynamoItem>>;

/** A client whose requests are charged to `charged`, over tables that others share. */
export function countedDynamo(tables: Tables, charged: Charged): DynamoDBClient {
	const tableOf = (name = '') => tables.get(name) ?? tables.set(name, new Map()).get(name) ?? new Map<string, DynamoItem>();
	const count = (request: string): void => {
		charged.requests[request] = (charged.requests[request] ?? 0) + 1;
	};
	const write = (name: string | undefined, item: DynamoItem, times: number): void => {
		charged.writeUnits += times * Math.ceil(itemBytes(item) / WRITE_BYTES);
		// A run's first entry stands in the index besides.
		if (item.opened) charged.writeUnits += 1;
		charged.storedBytes += itemBytes(item) + ITEM_OVERHEAD_BYTES;
		tableOf(name).set(keyOf(item), item);
	};
	const send = async (command: unknown): Promise<unknown> => {
		if (command instanceof PutItemCommand) {
			const { TableName, Item = {} } = command.input;
			count('PutItem');
			const holder = tableOf(TableName).get(keyOf(Item));
			if (holder === undefined) return write(TableName, Item, 1) ?? {};
			charged.writeUnits += Math.ceil(itemBytes(holder) / WRITE_BYTES);
			throw new ConditionalCheckFailedException({ message: 'taken', $metadata: {}, Item: holder });
		}
		if (command instanceof TransactWriteItemsCommand) {
			count('TransactWriteItems');
			for (const { Put, Update } of command.input.TransactItems ?? []) {
				if (Put?.Item) write(Put.TableName, Put.Item, TRANSACTION);
				if (Update) write(Update.TableName, { ...Update.Key, ...Update.ExpressionAttributeValues }, TRANSACTION);
			}
			return {};
		}
		if (command instanceof GetItemCommand) {
			count('GetItem');
			const found = tableOf(command.input.TableName).get(keyOf(command.input.Key ?? {}));
			charged.readUnits += Math.max(1, Math.ceil((found ? itemBytes(found) : 0) / READ_BYTES));
			return { Item: found };
		}
		if (command instanceof QueryCommand) {
			count('Query');
			const { TableName, ExpressionAttributeValues = {}, ScanIndexForward = true, Limit } = command.input;
			const { ':pk': pk, ':from': from, ':after': after, ':sk': exactly } = ExpressionAttributeValues;
			const items = [...tableOf(TableName).values()].filter(({ pk: own, sk }) => {
				const at = sk?.S ?? '';
				return own?.S === pk?.S && at >= (from?.S ?? '') && (!after || at > (after.S ?? '')) && (!exactly || at === exactly.S);
			});
			const sorted = items.toSorted((one, other) => ((one.sk?.S ?? '') < (other.sk?.S ?? '') ? -1 : 1));
			const page = (ScanIndexForward ? sorted : sorted.reverse()).slice(0, Limit);
			const bytes = page.reduce((sum, item) => sum + itemBytes(item), 0);
			charged.readUnits += Math.max(1, Math.ceil(bytes / READ_BYTES));
			return { Items: page };
		}
		throw new TypeError('a request that is not counted here');
	};
	return { send, destroy: () => {} } as unknown as DynamoDBClient;
}

const keyOf = (item: DynamoItem): string => [item.pk?.S, item.sk?.S, item.run?.S, item.key?.S].join('\n');

/** As DynamoDB measures: names and texts by their UTF-8, numbers by half their digits and one. */
export const itemBytes = (item: DynamoItem): number =>
	Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: AttributeValue): number {
	if (value.S !== undefined) return Buffer.byteLength(value.S);
	if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
	return value.B?.length ?? 1;
}
