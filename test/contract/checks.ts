/** Checks that are also run against a naive store, where they have to fail. */
import assert from 'node:assert/strict';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Appended, Claims, Ledger, Tables } from '../../core/ports.ts';
import { claimOf, entryAt } from './samples.ts';

export type Attempt = { readonly entry: StoredEntry; readonly appended: Appended };

/** `writers` append to each of `places` places at the same time. */
export async function raced(ledger: Ledger, { writers, places }: { writers: number; places: number }): Promise<Attempt[]> {
	const attempts: Promise<Attempt>[] = [];
	for (let place = 0; place < places; place += 1) {
		for (let writer = 0; writer < writers; writer += 1) {
			const entry = entryAt(place, { writer: `w${writer}` });
			attempts.push(ledger.append(entry).then((appended) => ({ entry, appended })));
		}
	}
	return Promise.all(attempts);
}

/** L1: each place has one winner, who is what every loser was shown, and what the ledger holds. */
export async function oneWinnerEach(ledger: Ledger, attempts: readonly Attempt[]): Promise<void> {
	for (const [place, rivals] of Map.groupBy(attempts, ({ entry }) => entry.place)) {
		const winners = rivals.filter(({ appended }) => appended.is === 'appended').map(({ entry }) => entry);
		assert.equal(winners.length, 1, `place ${place} was taken ${winners.length} times`);
		for (const { appended } of rivals) {
			if (appended.is !== 'appended') assert.deepEqual(appended, { is: 'conflict', holder: winners[0] });
		}
		assert.deepEqual(await ledger.read(winners[0]?.chain ?? '', { from: place, limit: 1 }), winners);
	}
}

/** An entry, a claim and two writes, of which the second is refused: none of them is there afterwards. */
export async function refusedLeavesNothing({ ledger, claims, tables }: { ledger: Ledger; claims: Claims; tables: Tables }): Promise<void> {
	const writes = [
		{ table: 'stock', key: 's-1', add: { count: -1 } },
		{ table: 'orders', key: 'o-1', set: { state: 'paid' }, onlyIf: { state: 'open' } },
		{ table: 'orders', key: 'o-2', put: { state: 'paid' } },
	];
	const appended = await ledger.append(entryAt(0), { claim: claimOf('k'), writes });
	assert.deepEqual(appended, { is: 'refused', write: 1 });
	assert.deepEqual(await ledger.latest('run-1', 50), [], 'the entry landed though a write was refused');
	assert.equal(await claims.latest('refund', 'k'), undefined);
	assert.equal(await tables.get('stock', 's-1'), undefined);
	assert.equal(await tables.get('orders', 'o-1'), undefined);
	assert.equal(await tables.get('orders', 'o-2'), undefined);
}
