import { randomBytes } from 'node:crypto';
import { copyFileSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LedgerUnavailable } from '../../core/ports.ts';
import { entryAt, filled } from './samples.ts';
import { type Directory, emptyDirectory } from './sqlite-directory.ts';

const PAGE_BYTES = 4_096;

/** A directory whose processes have all ended, with 200 entries and a key in it. */
async function usedDirectory(): Promise<Directory> {
	const directory = emptyDirectory();
	const store = directory.open();
	await filled(store.ledger, 200, { sizeBytes: 1_000 });
	await store.keys.create('run-1', new Uint8Array(32).fill(7));
	store.close();
	return directory;
}

test.each([
	['is missing', (path: string) => rmSync(path)],
	['is empty', (path: string) => truncateSync(path, 0)],
])('a ledger.db that %s is not made anew, whatever the caller knows', async (_, harm) => {
	const directory = await usedDirectory();
	harm(directory.file('ledger.db'));
	const message = `ledger.db in ${directory.path} holds no ledger though this directory had one`;
	expect(() => directory.open({ expect: 'existing' })).toThrow(
		`${message} (generation contract-1): it was truncated or replaced; put the file back from a backup`,
	);
	expect(() => directory.open()).toThrow(`${message}: it was truncated or replaced`);
	expect(() => directory.open()).toThrow(LedgerUnavailable);
});

test('a ledger.db known to have existed is missed even when nothing else is left', () => {
	expect(() => emptyDirectory().open({ expect: 'existing' })).toThrow(
		'holds no ledger though this directory had one (generation contract-1)',
	);
});

test.each([100, 8_192, 81_920])('a ledger.db cut to %i bytes is damaged', async (sizeBytes) => {
	const directory = await usedDirectory();
	truncateSync(directory.file('ledger.db'), sizeBytes);
	expect(() => directory.open({ expect: 'existing' })).toThrow(LedgerUnavailable);
	expect(() => directory.open({ expect: 'existing' })).toThrow(
		/ledger\.db is unavailable: it is (damaged|no SQLite database).*put it back from a backup/,
	);
});

test('a ledger.db of another generation was put there by somebody', async () => {
	const directory = await usedDirectory();
	const other = emptyDirectory();
	other.open({ generation: 'other' }).close();
	copyFileSync(other.file('ledger.db'), directory.file('ledger.db'));
	expect(() => directory.open({ expect: 'existing' })).toThrow('is of generation other though this directory had contract-1');
	expect(() => directory.open()).toThrow('payloads.db');
});

test.each(['keys.db', 'payloads.db'])('%s is missed where there are entries', async (name) => {
	const directory = await usedDirectory();
	rmSync(directory.file(name));
	expect(() => directory.open()).toThrow(new RegExp(`${name} in .* holds no .* though this directory had one`));
});

test('a crash while the files were being made is made good', () => {
	const directory = emptyDirectory();
	directory.open().close();
	rmSync(directory.file('keys.db'));
	expect(directory.open().ledger.generation).toBe('contract-1');
});

test('text where the database was is no database', async () => {
	const directory = await usedDirectory();
	writeFileSync(directory.file('ledger.db'), 'this is not a database at all. '.repeat(1_000));
	expect(() => directory.open()).toThrow(/ledger\.db is unavailable: it is no SQLite database any more/);
});

test('garbage in the middle is told when it is met, and nothing is written into it', async () => {
	const directory = await usedDirectory();
	const path = directory.file('ledger.db');
	const middle = Math.floor(statSync(path).size / PAGE_BYTES / 2) * PAGE_BYTES;
	writeSync(openSync(path, 'r+'), randomBytes(60_000), 0, 60_000, middle);
	const { ledger } = directory.open({ expect: 'existing' });
	const readAll = async () => {
		for (let from = 0; from < 200; from += 50) await ledger.read('run-1', { from, limit: 50 });
	};
	await expect(readAll()).rejects.toThrow(LedgerUnavailable);
	await expect(readAll()).rejects.toThrow(/ledger\.db is unavailable: it is damaged.*SQLite code 11/);
});

test('an append that meets garbage is unavailable, not unknown', async () => {
	const directory = await usedDirectory();
	const path = directory.file('ledger.db');
	const beyondSchema = 2 * PAGE_BYTES;
	const length = statSync(path).size - beyondSchema;
	writeSync(openSync(path, 'r+'), randomBytes(length), 0, length, beyondSchema);
	let appended: unknown;
	const append = async () => {
		appended = await directory.open({ expect: 'existing' }).ledger.append(entryAt(200));
	};
	await expect(append()).rejects.toThrow(LedgerUnavailable);
	expect(appended).toBeUndefined();
});
