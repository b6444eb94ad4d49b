// I1: what a transaction commits is written by the session that was issued for it, not by the guard's own client.
import { expect, test } from 'vitest';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { epochMs } from '../../core/ids.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { entryAt } from '../contract/samples.ts';
import { localOptions } from './local-store.ts';

const session = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 's', sessionToken: 't', expiresAt: epochMs.parse(0) });
const writes = [{ table: 'orders', key: 'o-1', put: { state: 'paid' } }];

// DynamoDB Local gives each access key tables of its own: whoever made ours sees them, and nobody else.
test('a session that has no such table can commit nothing, though the client could', async () => {
	const { ledger, tables } = dynamoStore(await localOptions());
	await expect(ledger.append(entryAt(0), { writes, session: session('other') })).rejects.toThrow(LedgerUnavailable);
	expect(await ledger.latest('run-1', 1)).toEqual([]);
	expect(await tables.get('orders', 'o-1')).toBeUndefined();
});

test('the session of whoever made the tables commits to them', async () => {
	const { ledger, tables } = dynamoStore(await localOptions());
	expect(await ledger.append(entryAt(0), { writes, session: session('local') })).toEqual({ is: 'appended' });
	expect(await tables.get('orders', 'o-1')).toEqual({ state: 'paid' });
});

test('control: without a session the client writes', async () => {
	const { ledger } = dynamoStore(await localOptions());
	expect(await ledger.append(entryAt(0), { writes })).toEqual({ is: 'appended' });
});
