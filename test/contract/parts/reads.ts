import { expect, test } from 'vitest';
import type { OpenStore } from '../open-store.ts';
import { entryAt, filled } from '../samples.ts';

export function reads(open: OpenStore): void {
	test('a chain nobody wrote to is empty', async () => {
		const { ledger } = await open();
		expect(await ledger.read('run-1', { from: 0, limit: 50 })).toEqual([]);
		expect(await ledger.latest('run-1', 50)).toEqual([]);
	});

	test('read begins at a place and stops at its limit', async () => {
		const { ledger } = await open();
		const entries = await filled(ledger, 12);
		await filled(ledger, 3, { chain: 'run-10' });
		expect(await ledger.read('run-1', { from: 0, limit: 50 })).toEqual(entries);
		expect(await ledger.read('run-1', { from: 4, limit: 3 })).toEqual(entries.slice(4, 7));
		expect(await ledger.read('run-1', { from: 10, limit: 50 })).toEqual(entries.slice(10));
		expect(await ledger.read('run-1', { from: 12, limit: 50 })).toEqual([]);
	});

	test('latest is the end of the chain, ascending', async () => {
		const { ledger } = await open();
		const entries = await filled(ledger, 12);
		expect(await ledger.latest('run-1', 1)).toEqual(entries.slice(11));
		expect(await ledger.latest('run-1', 3)).toEqual(entries.slice(9));
		expect(await ledger.latest('run-1', 50)).toEqual(entries);
	});

	test('places are in the order of numbers, not of text', async () => {
		const { ledger } = await open();
		const places = [999_999_999, 9, 100, 10, 99];
		for (const place of places) await ledger.append(entryAt(place));
		const ascending = [9, 10, 99, 100, 999_999_999];
		expect((await ledger.read('run-1', { from: 0, limit: 50 })).map(({ place }) => place)).toEqual(ascending);
		expect((await ledger.latest('run-1', 2)).map(({ place }) => place)).toEqual(ascending.slice(3));
	});

	test('fifty entries come in one call even when they are more than a megabyte', async () => {
		const { ledger } = await open();
		const entries = await filled(ledger, 60, { sizeBytes: 60_000 });
		expect(await ledger.read('run-1', { from: 0, limit: 50 })).toEqual(entries.slice(0, 50));
		expect(await ledger.latest('run-1', 50)).toEqual(entries.slice(10));
	});

	test('a limit out of bounds is a programmer error', async () => {
		const { ledger } = await open();
		for (const limit of [0, -1, 51, 1.5]) {
			await expect(ledger.read('run-1', { from: 0, limit })).rejects.toThrow(RangeError);
			await expect(ledger.latest('run-1', limit)).rejects.toThrow(RangeError);
		}
	});
}
