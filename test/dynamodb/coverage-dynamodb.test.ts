/** What the trail's files cover, over DynamoDB Local, and its put broken in each way it can be. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { dynamoCoverage } from '../../adapters/dynamodb/audit.ts';
import { coverageContract, readHour } from '../contract/coverage-contract.ts';
import { madeTable } from './audit-table.ts';
import { type FaultPlan, faultProxy, pass } from './fault-proxy.ts';
import { faultsOf, kindOf } from './faults.ts';
import { here, localClient } from './local-store.ts';

coverageContract({ name: 'dynamodb', open: async () => dynamoCoverage(localClient(), await madeTable()) });

test.each(faultsOf('PutItem').map((fault) => ({ fault, kind: kindOf(fault) })))('$kind', async ({ fault }) => {
	const table = await madeTable();
	const plan: FaultPlan = (request) => (request.n === 1 ? fault : pass);
	const proxy = await faultProxy(inject('dynamodbEndpoint'), plan);
	const client = new DynamoDBClient({ ...here, endpoint: proxy.endpoint, maxAttempts: 1 });
	await dynamoCoverage(client, table)
		.put(readHour(1))
		.catch(() => 'thrown');
	await proxy.drain();

	const { put, ending } = dynamoCoverage(localClient(), table);
	expect(['kept', 'known']).toContain(await put(readHour(1)));
	expect(await ending({ fromMs: 0, toMs: 1e12 }, 2)).toEqual([readHour(1)]);
	client.destroy();
	await proxy.close();
});
