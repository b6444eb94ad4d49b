// docs/cost.md counts units by the bytes of items. The database's own consumed capacity must say the same of the same requests.
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { entryItem } from '../../adapters/dynamodb/items.ts';
import { countedDynamo, noCharge } from '../../bench/cost/counted-dynamodb.ts';
import { localOptions } from './local-store.ts';

const entry = (place: number, bytes: number) => entryItem({ chain: 'run-1', place, body: 'x'.repeat(bytes) });
/** Around the borders of a unit: an item has 33 bytes besides its body. */
const sizes = [10, 900, 980, 990, 991, 992, 1_500, 2_000, 2_014, 2_016, 4_500];

// An empty query is free there; the page counts a unit, as for an item that is not there. Of a transaction DynamoDB Local says twice what the pricing page does (two units a kilobyte); the page counts by the latter.
test('puts, reads and queries', async () => {
	const { client, ledgerTable, keysTable } = await localOptions();
	const charged = noCharge();
	const counted = countedDynamo(new Map(), charged);
	const compare = async (command: PutItemCommand | GetItemCommand | QueryCommand): Promise<void> => {
		const before = charged.writeUnits + charged.readUnits;
		const send = (to: typeof client) => to.send(command as PutItemCommand);
		await send(counted);
		const said: unknown = (await send(client)).ConsumedCapacity;
		const units = [said].flat().reduce((sum: number, one) => sum + Number(Object(one).CapacityUnits), 0);
		expect([command.constructor.name, charged.writeUnits + charged.readUnits - before]).toEqual([command.constructor.name, units]);
	};
	const total = { ReturnConsumedCapacity: 'TOTAL' } as const;
	for (const [place, bytes] of sizes.entries())
		await compare(new PutItemCommand({ TableName: ledgerTable, Item: entry(place, bytes), ...total }));
	await compare(new GetItemCommand({ TableName: keysTable, Key: { run: { S: 'nobody' } }, ConsistentRead: true, ...total }));
	for (const [from, limit] of [
		[0, 1],
		[0, 50],
		[3, 4],
	] as const) {
		const values = { ':pk': { S: 'run#run-1' }, ':from': { S: String(from).padStart(9, '0') } };
		const query = {
			KeyConditionExpression: 'pk = :pk AND sk >= :from',
			ExpressionAttributeValues: values,
			ConsistentRead: true,
			Limit: limit,
		};
		await compare(new QueryCommand({ TableName: ledgerTable, ...query, ...total }));
	}
	client.destroy();
});
