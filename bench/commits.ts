/** The yardstick: durable SQLite commits of rows as large as entries, on the same disk, in the same run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** About what an intent, a decision and an outcome of small content take, in bytes. */
const ENTRY_BYTES = [620, 1_010, 560];

/** Commits three rows; answers how long that took, in milliseconds. */
export type ThreeCommits = { time(): number; close(): void };

export function threeCommits(): ThreeCommits {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const database = new DatabaseSync(join(directory, 'yardstick.db'));
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
	database.exec('CREATE TABLE entries (chain TEXT, place INTEGER, body TEXT, PRIMARY KEY (chain, place)) STRICT, WITHOUT ROWID');
	const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?)');
	const bodies = ENTRY_BYTES.map((bytes) => 'x'.repeat(bytes));
	let place = 0;
	return {
		time: () => {
			const begun = performance.now();
			for (const body of bodies) {
				insert.run('yardstick', place, body);
				place += 1;
			}
			return performance.now() - begun;
		},
		close: () => {
			database.close();
			rmSync(directory, { recursive: true });
		},
	};
}
