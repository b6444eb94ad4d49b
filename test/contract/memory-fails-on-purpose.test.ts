import { expect, test } from 'vitest';
import { Crash, type Fault, NoAnswer } from '../../adapters/memory/faults.ts';
import { memoryStore } from '../../adapters/memory/store.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { claimOf, entryAt } from './samples.ts';

const writes = [{ table: 'stock', key: 's', add: { count: 1 } }];
const key = new Uint8Array(32);
/** A store whose first call of `verb` goes wrong, and one over the same state as after a restart. */
function broken(verb: string, fault: Fault) {
	const store = memoryStore({ fault: (call) => (`${call.port}.${call.verb}` === verb && call.n === 1 ? fault : undefined) });
	return { store, restarted: memoryStore({ state: store.state }) };
}

test.each([
	['crash-before', 0],
	['crash-after', 1],
] as const)('%s ends the append with a Crash, %i entry being there', async (fault, landed) => {
	const { store, restarted } = broken('ledger.append', fault);
	await expect(store.ledger.append(entryAt(0), { claim: claimOf('k'), writes })).rejects.toThrow(Crash);
	expect(await restarted.ledger.latest('run-1', 1)).toHaveLength(landed);
	expect(await restarted.claims.latest('refund', 'k')).toEqual(landed ? claimOf('k') : undefined);
	expect(await restarted.tables.get('stock', 's')).toEqual(landed ? { count: 1 } : undefined);
});

test('after unknown-not-written the same append lands', async () => {
	const { store } = broken('ledger.append', 'unknown-not-written');
	expect((await store.ledger.append(entryAt(0), { writes })).is).toBe('unknown');
	expect(await store.ledger.append(entryAt(0), { writes })).toEqual({ is: 'appended' });
	expect(await store.tables.get('stock', 's')).toEqual({ count: 1 });
});

test('after unknown-written the same append meets itself', async () => {
	const { store } = broken('ledger.append', 'unknown-written');
	expect((await store.ledger.append(entryAt(0), { writes })).is).toBe('unknown');
	expect(await store.ledger.append(entryAt(0), { writes })).toEqual({ is: 'conflict', holder: entryAt(0) });
	expect(await store.tables.get('stock', 's')).toEqual({ count: 1 });
});

test('unavailable writes nothing', async () => {
	const { store } = broken('ledger.append', 'unavailable');
	await expect(store.ledger.append(entryAt(0))).rejects.toThrow(LedgerUnavailable);
	expect(await store.ledger.latest('run-1', 1)).toEqual([]);
});

test.each([
	['unknown-not-written', 0],
	['unknown-written', 1],
] as const)('%s of a port that can’t say unknown is a lost answer, %i write being there', async (fault, landed) => {
	const create = broken('keys.create', fault);
	await expect(create.store.keys.create('run-1', key)).rejects.toThrow(NoAnswer);
	expect(create.store.state.keys.size).toBe(landed);
	const put = broken('payloads.put', fault);
	await expect(put.store.payloads.put('p', key)).rejects.toThrow(NoAnswer);
	expect(put.store.state.payloads.size).toBe(landed);
	const destroy = broken('keys.destroy', fault);
	await expect(destroy.store.keys.destroy('run-1')).rejects.toThrow(NoAnswer);
	expect(destroy.store.state.keys.size).toBe(landed);
});

test('calls, queries, entries and writes are counted', async () => {
	const store = memoryStore();
	for (const place of [0, 1, 2]) await store.ledger.append(entryAt(place));
	await store.ledger.read('run-1', { from: 1, limit: 50 });
	await store.ledger.latest('run-1', 1);
	await store.keys.create('run-1', key);
	expect(store.counts).toMatchObject({ queries: 2, entriesRead: 3, writes: 4 });
	expect(store.counts.calls).toEqual({ 'ledger.append': 3, 'ledger.read': 1, 'ledger.latest': 1, 'keys.create': 1 });
	store.counts.reset();
	expect(store.counts).toMatchObject({ queries: 0, entriesRead: 0, writes: 0, calls: {} });
});
