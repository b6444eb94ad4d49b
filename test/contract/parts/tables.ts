import { expect, test } from 'vitest';
import type { Write } from '../../../core/ports.ts';
import type { OpenStore, Store } from '../open-store.ts';
import { entryAt } from '../samples.ts';

/** One append a write, each at the next place. */
function writer({ ledger }: Store) {
	let place = 0;
	return (...writes: Write[]) => {
		const entry = entryAt(place);
		place += 1;
		return ledger.append(entry, { writes });
	};
}
const order = { table: 'orders', key: 'o-1' };

export function tables(open: OpenStore): void {
	test('put replaces the whole item', async () => {
		const store = await open();
		const write = writer(store);
		await write({ ...order, put: { state: 'open', amountCents: 1200, gift: true, note: null } });
		expect(await store.tables.get('orders', 'o-1')).toEqual({ state: 'open', amountCents: 1200, gift: true, note: null });
		await write({ ...order, put: { state: 'paid' } });
		expect(await store.tables.get('orders', 'o-1')).toEqual({ state: 'paid' });
		expect(await store.tables.get('stock', 'o-1')).toBeUndefined();
	});

	test('add counts an absent number, and an absent item, as 0', async () => {
		const store = await open();
		const write = writer(store);
		await write({ ...order, add: { paidCents: 700 } });
		await write({ ...order, add: { paidCents: -200, refunds: 1 } });
		expect(await store.tables.get('orders', 'o-1')).toEqual({ paidCents: 500, refunds: 1 });
	});

	test('set changes only what it names, and goes with add', async () => {
		const store = await open();
		const write = writer(store);
		await write({ ...order, put: { state: 'open', amountCents: 1200 } });
		await write({ ...order, set: { state: 'refunded', by: 'Zoë 🧾' }, add: { amountCents: -1200 } });
		expect(await store.tables.get('orders', 'o-1')).toEqual({ state: 'refunded', by: 'Zoë 🧾', amountCents: 0 });
	});

	test('onlyIf absent holds for a new item only', async () => {
		const store = await open();
		const write = writer(store);
		expect(await write({ ...order, put: { state: 'open' }, onlyIf: 'absent' })).toEqual({ is: 'appended' });
		expect(await write({ ...order, put: { state: 'again' }, onlyIf: 'absent' })).toEqual({ is: 'refused', write: 0 });
		expect(await store.tables.get('orders', 'o-1')).toEqual({ state: 'open' });
	});

	test('onlyIf with values holds when all are there, null included', async () => {
		const store = await open();
		const write = writer(store);
		await write({ ...order, put: { state: 'open', amountCents: 1200, note: null } });
		const refused = { is: 'refused', write: 0 };
		expect(await write({ ...order, set: { x: 1 }, onlyIf: { state: 'open', amountCents: 1 } })).toEqual(refused);
		expect(await write({ ...order, set: { x: 1 }, onlyIf: { missing: null } })).toEqual(refused);
		expect(await write({ ...order, set: { x: 1 }, onlyIf: { amountCents: '1200' } })).toEqual(refused);
		expect(await write({ ...order, set: { x: 1 }, onlyIf: { state: 'open', amountCents: 1200, note: null } })).toEqual({ is: 'appended' });
		expect(await write({ table: 'orders', key: 'o-2', add: { x: 1 }, onlyIf: { state: 'open' } })).toEqual(refused);
	});

	test('a write may only demand', async () => {
		const store = await open();
		const write = writer(store);
		expect(await write({ ...order, onlyIf: 'absent' }, { table: 'stock', key: 's', add: { count: 1 } })).toEqual({ is: 'appended' });
		expect(await write({ ...order, add: {}, set: {}, onlyIf: 'absent' })).toEqual({ is: 'appended' });
		expect(await store.tables.get('orders', 'o-1')).toBeUndefined();
		expect(await write({ ...order, onlyIf: { state: 'open' } })).toEqual({ is: 'refused', write: 0 });
	});

	test('adding to what is no number is refused', async () => {
		const store = await open();
		const write = writer(store);
		await write({ ...order, put: { state: 'open' } });
		expect(await write({ table: 'stock', key: 's', add: { count: 1 } }, { ...order, add: { state: 1 } })).toEqual({
			is: 'refused',
			write: 1,
		});
		expect(await store.tables.get('stock', 's')).toBeUndefined();
	});

	const malformed: Record<string, Write[]> = {
		'nothing to do': [{ ...order }],
		'put with add': [{ ...order, put: {}, add: { count: 1 } }],
		'set and add of one attribute': [{ ...order, set: { count: 1 }, add: { count: 1 } }],
		'an empty key': [{ table: 'orders', key: '', put: {} }],
		'the key as an attribute': [{ ...order, put: { key: 'o-2' } }],
		'a fraction to add': [{ ...order, add: { amount: 0.1 } }],
		'a number past every store': [{ ...order, put: { amount: 1e200 } }],
		'two writes to one item': [
			{ ...order, put: {} },
			{ ...order, set: { state: 'open' } },
		],
		'more than fit one transaction': Array.from({ length: 99 }, (_, number) => ({ table: 'orders', key: `o-${number}`, put: {} })),
	};
	test.each(Object.entries(malformed))('%s is a programmer error', async (_, writes) => {
		const store = await open();
		await expect(writer(store)(...writes)).rejects.toThrow(TypeError);
		expect(await store.ledger.latest('run-1', 1)).toEqual([]);
	});

	test('98 writes and a claim fit one append', async () => {
		const store = await open();
		const writes = Array.from({ length: 98 }, (_, number) => ({ table: 'stock', key: `s-${number}`, add: { count: number } }));
		const claim = { tool: 'refund', key: 'k', n: 1, run: 'run-1', step: 1, hint: 0 };
		expect(await store.ledger.append(entryAt(0), { claim, writes })).toEqual({ is: 'appended' });
		expect(await store.tables.get('stock', 's-97')).toEqual({ count: 97 });
	});
}
