import { expect, test } from 'vitest';
import { oneWinnerEach, raced, refusedLeavesNothing } from './checks.ts';
import { naiveStore } from './naive-store.ts';

test('control: the race check goes red on a ledger that looks and then writes', async () => {
	const { ledger } = naiveStore();
	const attempts = await raced(ledger, { writers: 2, places: 1 });
	await expect(oneWinnerEach(ledger, attempts)).rejects.toThrow('place 0 was taken 2 times');
});

test('control: the atomicity check goes red on a ledger that writes one thing after the other', async () => {
	await expect(refusedLeavesNothing(naiveStore())).rejects.toThrow('the entry landed though a write was refused');
});
