/** Witnesses and findings over DynamoDB Local, and every put of one broken in each way it can be. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { dynamoFindings, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { auditContract, useOf } from '../contract/audit-contract.ts';
import { madeTable } from './audit-table.ts';
import { type FaultPlan, faultProxy, pass } from './fault-proxy.ts';
import { faultsOf, kindOf } from './faults.ts';
import { here, localClient } from './local-store.ts';

auditContract({
	name: 'dynamodb',
	open: async () => {
		const [client, table] = [localClient(), await madeTable()];
		return { witnesses: dynamoWitnesses(client, table), findings: dynamoFindings(client, table) };
	},
});

/** Four puts make a witness; whichever is broken, and however, the next try makes all of them. */
const cases = [1, 2, 3, 4].flatMap((n) => faultsOf('PutItem').map((fault) => ({ n, fault, kind: kindOf(fault) })));
test.each(cases)('put $n: $kind', async ({ n, fault }) => {
	const table = await madeTable();
	const plan: FaultPlan = (request) => (request.n === n ? fault : pass);
	const proxy = await faultProxy(inject('dynamodbEndpoint'), plan);
	const client = new DynamoDBClient({ ...here, endpoint: proxy.endpoint, maxAttempts: 1 });
	const witness = useOf('event-0001');
	await dynamoWitnesses(client, table)
		.put(witness)
		.catch(() => 'thrown');
	await proxy.drain();

	const { put, about, ofSession, subjects } = dynamoWitnesses(localClient(), table);
	expect(['kept', 'known']).toContain(await put(witness));
	expect(await about('run-1', { limit: 2 })).toEqual([witness]);
	expect(await ofSession('ASIAONE', { limit: 2 })).toEqual([witness]);
	expect(await subjects({ limit: 2 })).toEqual(['run-1']);
	client.destroy();
	await proxy.close();
});
