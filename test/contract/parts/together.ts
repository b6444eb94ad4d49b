import { expect, test } from 'vitest';
import { epochMs } from '../../../core/ids.ts';
import type { Write } from '../../../core/ports.ts';
import { refusedLeavesNothing } from '../checks.ts';
import type { OpenStore } from '../open-store.ts';
import { claimOf, entryAt } from '../samples.ts';

const payOrder: Write = { table: 'orders', key: 'o-1', put: { state: 'paid' } };

export function together(open: OpenStore): void {
	test('entry, claim and writes land in one append', async () => {
		const { ledger, claims, tables } = await open();
		expect(await ledger.append(entryAt(0), { claim: claimOf('k'), writes: [payOrder] })).toEqual({ is: 'appended' });
		expect(await ledger.latest('run-1', 1)).toEqual([entryAt(0)]);
		expect(await claims.latest('refund', 'k')).toEqual(claimOf('k'));
		expect(await tables.get('orders', 'o-1')).toEqual({ state: 'paid' });
	});

	test('nothing beside the entry is an ordinary append', async () => {
		const { ledger } = await open();
		expect(await ledger.append(entryAt(0), {})).toEqual({ is: 'appended' });
		expect(await ledger.append(entryAt(1), { writes: [] })).toEqual({ is: 'appended' });
	});

	test('who writes changes nothing of what lands, nor of what is told', async () => {
		const { ledger, claims, tables } = await open();
		// DynamoDB Local keeps tables apart by this id, so it has to be the one they were made with.
		const session = { accessKeyId: 'local', secretAccessKey: 's', sessionToken: 't', expiresAt: epochMs.parse(0) };
		const whole = { claim: claimOf('k'), writes: [payOrder], session };
		expect(await ledger.append(entryAt(0), whole)).toEqual({ is: 'appended' });
		expect(await ledger.append(entryAt(0, { writer: 'other' }), whole)).toEqual({ is: 'conflict', holder: entryAt(0) });
		expect(await ledger.append(entryAt(1), { session })).toEqual({ is: 'appended' });
		expect(await claims.latest('refund', 'k')).toEqual(claimOf('k'));
		expect(await tables.get('orders', 'o-1')).toEqual({ state: 'paid' });
		expect(await ledger.latest('run-1', 2)).toEqual([entryAt(0), entryAt(1)]);
	});

	test('a taken claim answers claimed with its holder, and nothing lands', async () => {
		const { ledger, claims, tables } = await open();
		await ledger.append(entryAt(0), { claim: claimOf('k') });
		const late = { claim: claimOf('k', { run: 'run-2' }), writes: [payOrder] };
		expect(await ledger.append(entryAt(0, { chain: 'run-2' }), late)).toEqual({ is: 'claimed', holder: claimOf('k') });
		expect(await ledger.latest('run-2', 1)).toEqual([]);
		expect(await tables.get('orders', 'o-1')).toBeUndefined();
		expect(await claims.latest('refund', 'k')).toEqual(claimOf('k'));
	});

	test('the next n of a key is free, and is the latest from then on', async () => {
		const { ledger, claims } = await open();
		for (const n of [1, 2, 10]) await ledger.append(entryAt(n), { claim: claimOf('k', { n }) });
		expect(await claims.latest('refund', 'k')).toEqual(claimOf('k', { n: 10 }));
	});

	test('keys and tools don’t run into one another', async () => {
		const { ledger, claims } = await open();
		const names = [
			['refund', 'a'],
			['refund', 'a#b'],
			['refund', 'é'],
			['refund', 'A'],
			['refund.a', 'b'],
			['refund', '🧾'],
			['refund', ' a'],
		] as const;
		for (const [place, [tool, key]] of names.entries()) {
			expect(await claims.latest(tool, key)).toBeUndefined();
			const claim = claimOf(key, { tool, run: `run-${place}` });
			expect(await ledger.append(entryAt(place), { claim })).toEqual({ is: 'appended' });
			expect(await claims.latest(tool, key)).toEqual(claim);
		}
	});

	test('a refused write is named by its number, and nothing lands', async () => {
		const store = await open();
		await refusedLeavesNothing(store);
	});

	test('a taken place is told before a taken claim, and that before a refused write', async () => {
		const { ledger } = await open();
		await ledger.append(entryAt(0), { claim: claimOf('k') });
		const refused: Write = { table: 'orders', key: 'o-1', set: { state: 'paid' }, onlyIf: { state: 'open' } };
		const everything = { claim: claimOf('k', { run: 'run-2' }), writes: [refused] };
		expect(await ledger.append(entryAt(0, { writer: 'other' }), everything)).toEqual({ is: 'conflict', holder: entryAt(0) });
		expect(await ledger.append(entryAt(1), everything)).toEqual({ is: 'claimed', holder: claimOf('k') });
		expect(await ledger.append(entryAt(1), { writes: [refused] })).toEqual({ is: 'refused', write: 0 });
	});

	test('the same append again, with all it lands with, changes nothing twice', async () => {
		const { ledger, tables } = await open();
		const whole = { claim: claimOf('k'), writes: [{ table: 'stock', key: 's', add: { count: 5 } }] };
		await ledger.append(entryAt(0), whole);
		const again = await ledger.append(entryAt(0), whole);
		if (again.is !== 'appended') expect(again).toEqual({ is: 'conflict', holder: entryAt(0) });
		expect(await tables.get('stock', 's')).toEqual({ count: 5 });
	});
}
