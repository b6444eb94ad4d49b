/** What has moved, and bookmarks, over DynamoDB Local; each put broken in every way it can be; and of two that put at once one is heard. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { dynamoBookmark, dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import { roundsContract } from '../contract/rounds-contract.ts';
import { madeTable } from './audit-table.ts';
import { type FaultPlan, faultProxy, pass } from './fault-proxy.ts';
import { faultsOf, kindOf } from './faults.ts';
import { here, localClient } from './local-store.ts';

roundsContract({
	name: 'dynamodb',
	open: async () => {
		const [client, table] = [localClient(), await madeTable()];
		return {
			moved: dynamoMoved(client, table),
			movedElsewhere: dynamoMoved(client, table),
			bookmark: (whose) => dynamoBookmark(client, table, whose),
		};
	},
});

const HOUR = '2026-11-23T10';
const cases = [1, 2].flatMap((n) => faultsOf('PutItem').map((fault) => ({ n, fault, kind: kindOf(fault) })));
test.each(cases)('put $n of a note: $kind', async ({ n, fault }) => {
	const table = await madeTable();
	const plan: FaultPlan = (request) => (request.n === n ? fault : pass);
	const proxy = await faultProxy(inject('dynamodbEndpoint'), plan);
	const client = new DynamoDBClient({ ...here, endpoint: proxy.endpoint, maxAttempts: 1 });
	const moved = dynamoMoved(client, table);
	await moved.note('run-1', HOUR).catch(() => 'thrown');
	await proxy.drain();
	// The same process, which must not remember what did not happen.
	await moved.note('run-1', HOUR);
	const whole = dynamoMoved(localClient(), table);
	expect(await whole.hours({ limit: 2 })).toEqual([HOUR]);
	expect(await whole.during(HOUR, { limit: 2 })).toEqual(['run-1']);
	client.destroy();
	await proxy.close();
});

test('of two processes that put at once one is heard, and both go on from there', async () => {
	const [client, table] = [localClient(), await madeTable()];
	const [one, other] = [dynamoBookmark(client, table, 'archive'), dynamoBookmark(client, table, 'archive')];
	await Promise.all([one.read(), other.read()]);
	await one.put('one');
	await other.put('other');
	expect(await other.read()).toBe('one');
	await other.put('later');
	expect(await one.read()).toBe('later');
});
