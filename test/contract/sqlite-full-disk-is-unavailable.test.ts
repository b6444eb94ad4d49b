import { expect, test } from 'vitest';
import { LedgerUnavailable } from '../../core/ports.ts';
import { claimOf, entryAt } from './samples.ts';
import { emptyDirectory } from './sqlite-directory.ts';

const ENTRIES_AT_MOST = 1_000;
const writes = [{ table: 'orders', key: 'o-1', put: { note: 'x'.repeat(5_000) } }];

test.each([
	['alone', undefined],
	['together with a claim and a write', { claim: claimOf('k'), writes }],
])('an append %s to a full file says so, and whatever was acknowledged is there', async (_, together) => {
	const directory = emptyDirectory();
	const full = directory.open({ bytesAtMost: 200_000 });
	let place = 0;
	const fill = async () => {
		for (; place < ENTRIES_AT_MOST; place += 1) await full.ledger.append(entryAt(place, { sizeBytes: 2_000 }));
	};
	await expect(fill()).rejects.toThrow(LedgerUnavailable);
	await expect(full.ledger.append(entryAt(place, { sizeBytes: 9_000 }), together)).rejects.toThrow(
		/ledger\.db is unavailable: its disk is full, .*Free space/,
	);
	expect((await full.ledger.latest('run-1', 1))[0]?.place).toBe(place - 1);
	expect(await full.claims.latest('refund', 'k')).toBeUndefined();
	full.close();

	const larger = directory.open({ expect: 'existing' });
	expect(await larger.ledger.append(entryAt(place, { sizeBytes: 9_000 }), together ?? {})).toEqual({ is: 'appended' });
});

test('a payload that finds no room says so', async () => {
	const { payloads } = emptyDirectory().open({ bytesAtMost: 200_000 });
	await expect(payloads.put('p', new Uint8Array(1_000_000))).rejects.toThrow(/payloads\.db is unavailable: its disk is full/);
	expect(await payloads.get('p')).toBeUndefined();
});
