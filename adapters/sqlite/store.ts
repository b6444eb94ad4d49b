/** Every storage port over SQLite files in one directory, which several processes may have open at once. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Claims, Ledger, Payloads, RunKeys, Runs, Tables } from '../../core/ports.ts';
import { claimsSchema, sqliteClaims } from './claims.ts';
import { type Database, fileBytes, openDatabase } from './database.ts';
import { translated } from './errors.ts';
import { keysSchema, sqliteKeys } from './keys.ts';
import { entriesSchema, sqliteLedger } from './ledger.ts';
import { payloadsSchema, sqlitePayloads } from './payloads.ts';
import { sqliteRuns } from './runs.ts';
import { itemsSchema, sqliteTables } from './tables.ts';

export type SqliteStore = {
	ledger: Ledger;
	claims: Claims;
	tables: Tables;
	keys: RunKeys;
	payloads: Payloads;
	runs: Runs;
	close(): void;
};
export type SqliteOptions = {
	readonly directory: string;
	/** Given to a new ledger. One that exists keeps its own, which `ledger.generation` answers; with `existing` the two must agree. */
	readonly generation: string;
	/** `existing` when the caller knows that a ledger was made here before. */
	readonly expect?: 'existing' | 'new-or-existing';
	/** How long one try waits for another process's lock. An append makes three before it answers `unknown`. */
	readonly waitMs?: number;
	/** No file grows beyond this, so that a runaway agent can't fill the disk; reaching it is LedgerUnavailable. */
	readonly bytesAtMost?: number;
};

const WAIT_MS = 5_000;

/**
 * Opens the store in `directory`, making what is not there yet. Synchronous: milliseconds, unless another process opens it too.
 *
 * @throws LedgerUnavailable when a file that was here is gone, emptied, damaged or another ledger's, or can't be used.
 * @see docs/spec/storage.md
 */
export function openSqliteStore(options: SqliteOptions): SqliteStore {
	const { directory, waitMs = WAIT_MS, bytesAtMost } = options;
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const known = options.expect === 'existing';
	// The keys' file is made last and looked for first: where it stands, a ledger stood before it.
	const hadLedger = known || fileBytes(join(directory, 'keys.db')) > 0;
	const opened: Database[] = [];
	const open = (
		name: string,
		file: { content: string; journal: 'wal' | 'delete'; schema: string; generation: string; mustExist: boolean; mustMatch: boolean },
	) => {
		const database = openDatabase({ path: join(directory, name), waitMs, bytesAtMost, ...file });
		opened.push(database);
		return database;
	};
	const close = () => {
		for (const { raw } of opened) raw.close();
	};
	try {
		const schema = [entriesSchema, claimsSchema, itemsSchema].join('\n');
		const ledgerFile = {
			content: 'ledger',
			journal: 'wal',
			schema,
			generation: options.generation,
			mustExist: hadLedger,
			mustMatch: known,
		} as const;
		const database = open('ledger.db', ledgerFile);
		// Entries rest on their payloads and keys, so with entries there must be both.
		const mustExist = known || database.raw.prepare('SELECT 1 FROM entries LIMIT 1').get() !== undefined;
		const beside = { generation: database.generation, mustExist, mustMatch: true };
		const payloads = open('payloads.db', { content: 'payloads', journal: 'wal', schema: payloadsSchema, ...beside });
		const keys = open('keys.db', { content: 'run keys', journal: 'delete', schema: keysSchema, ...beside });

		const claims = sqliteClaims(database);
		const tables = sqliteTables(database);
		const ports = {
			ledger: sqliteLedger({ database, claims, tables }),
			claims,
			tables,
			keys: sqliteKeys(keys),
			payloads: sqlitePayloads(payloads),
			runs: sqliteRuns(database),
			close,
		};
		// From here on, `use` does the waiting.
		for (const { raw } of opened) raw.exec('PRAGMA busy_timeout = 0');
		return ports;
	} catch (error) {
		close();
		throw translated(error, directory);
	}
}
