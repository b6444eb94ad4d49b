/** The proxy itself: a fault that only seems to fire proves nothing. */
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { entryAt } from '../contract/samples.ts';
import { type FaultPlan, faultProxy, pass } from './fault-proxy.ts';
import type { Fault } from './faults.ts';
import { localOptions } from './local-store.ts';
import { proxiedStore, type Retries } from './proxied-store.ts';

let options: DynamoOptions;
beforeAll(async () => {
	options = await localOptions();
});
async function through(plan: FaultPlan, retries: Retries = 'off') {
	const proxied = await proxiedStore(options, { database: inject('dynamodbEndpoint'), plan, retries });
	onTestFinished(proxied.close);
	return proxied;
}
const there = async (chain: string) => (await dynamoStore(options).ledger.latest(chain, 1)).length === 1;

test('it knows what each request asks for', async () => {
	const { store, proxy } = await through(() => pass);
	await store.ledger.append(entryAt(0, { chain: 'p-1' }));
	await store.ledger.append(entryAt(1, { chain: 'p-1' }), { writes: [{ table: 'orders', key: 'p-1', put: {} }] });
	await store.ledger.latest('p-1', 1);
	await store.keys.get('p-1');
	expect(proxy.requests.map(({ n, target }) => `${n} ${target}`)).toEqual(['1 PutItem', '2 TransactWriteItems', '3 Query', '4 GetItem']);
	expect(proxy.requests[0]?.body).toMatchObject({ Item: { pk: { S: 'run#p-1' } } });
	expect(proxy.fired).toEqual({});
});

test('a dropped reply comes after the database has committed, a lost request never arrives', async () => {
	const lost = await through(({ n }) => (n === 1 ? { is: 'reply-lost' } : { is: 'request-lost' }));
	expect((await lost.store.ledger.append(entryAt(0, { chain: 'p-2' }))).is).toBe('unknown');
	expect((await lost.store.ledger.append(entryAt(0, { chain: 'p-3' }))).is).toBe('unknown');
	expect([await there('p-2'), await there('p-3')]).toEqual([true, false]);
	expect(lost.proxy.fired).toEqual({ 'reply-lost': { PutItem: 1 }, 'request-lost': { PutItem: 1 } });
});

test('a late request arrives after a later one, though its caller waits', async () => {
	const late: Fault = { is: 'late', by: 1, caller: 'waits' };
	const { store, proxy } = await through(({ n }) => (n === 1 ? late : pass));
	const [one, other] = [entryAt(0, { chain: 'p-4', writer: 'one' }), entryAt(0, { chain: 'p-4', writer: 'other' })];
	const first = store.ledger.append(one);
	while (proxy.requests.length === 0) await new Promise(setImmediate);
	expect(await store.ledger.append(other)).toEqual({ is: 'appended' });
	expect(await first).toEqual({ is: 'conflict', holder: other });
	expect(proxy.fired).toEqual({ late: { PutItem: 1 } });
});

test('one that nothing goes past is only delayed, and does not count', async () => {
	const { store, proxy } = await through(({ n }) => (n === 1 ? { is: 'late', by: 1, caller: 'waits' } : pass));
	expect(await store.ledger.append(entryAt(0, { chain: 'p-5' }))).toEqual({ is: 'appended' });
	expect(proxy.fired).toEqual({});
});

test('one whose caller has gone arrives all the same', async () => {
	const { store, proxy } = await through(() => ({ is: 'late', by: 9, caller: 'gave-up' }));
	expect((await store.ledger.append(entryAt(0, { chain: 'p-6' }))).is).toBe('unknown');
	expect(await there('p-6')).toBe(false);
	await proxy.drain();
	expect(await there('p-6')).toBe(true);
});

test('without a database every connection breaks, and no fault has fired', async () => {
	const nobody = await faultProxy('http://127.0.0.1:9');
	onTestFinished(nobody.close);
	await expect(fetch(nobody.endpoint, { method: 'POST', body: '{}' })).rejects.toThrow();
	expect(nobody.unreachable()).toBe(1);
	expect(nobody.fired).toEqual({});
});
