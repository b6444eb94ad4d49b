import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { StoreBusy } from '../../adapters/sqlite/errors.ts';
import { claimOf, entryAt } from './samples.ts';
import { emptyDirectory } from './sqlite-directory.ts';

test('while another process holds the lock an append is unknown, reading goes on, and afterwards it lands', async () => {
	const directory = emptyDirectory();
	const { ledger, payloads } = directory.open({ waitMs: 30 });
	await ledger.append(entryAt(0));
	const other = new DatabaseSync(directory.file('ledger.db'));
	other.exec('BEGIN IMMEDIATE');
	for (const together of [{}, { claim: claimOf('k') }]) {
		expect(await ledger.append(entryAt(1), together)).toEqual({
			is: 'unknown',
			cause: expect.stringContaining('ledger.db is in use by another process'),
		});
	}
	expect(await ledger.latest('run-1', 1)).toEqual([entryAt(0)]);
	await payloads.put('p', Uint8Array.of(1));
	other.exec('COMMIT');
	other.close();
	expect(await ledger.append(entryAt(1), { claim: claimOf('k') })).toEqual({ is: 'appended' });
});

test('a port that can’t say unknown throws StoreBusy', async () => {
	const directory = emptyDirectory();
	const { keys } = directory.open({ waitMs: 30 });
	const other = new DatabaseSync(directory.file('keys.db'));
	other.exec('BEGIN EXCLUSIVE');
	await expect(keys.create('run-1', new Uint8Array(32))).rejects.toThrow(StoreBusy);
	await expect(keys.get('run-1')).rejects.toThrow(StoreBusy);
	other.close();
});
