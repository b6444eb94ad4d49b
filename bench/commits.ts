/** The yardstick: durable SQLite commits of rows as large as entries, on the same disk, in the same run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** About what an intent, a decision and an outcome of small content take, in bytes. */
const ENTRY_BYTES = [620, 1_010, 560];

/**
 * Commits three rows; answers how long the commits took, in milliseconds. `apartMs` of other work before each is not counted,
 * but felt: a commit straight after another finds all it needs in the processor's caches.
 */
export type ThreeCommits = { time(apartMs?: number): number; close(): void };

export function threeCommits(): ThreeCommits {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const database = new DatabaseSync(join(directory, 'yardstick.db'));
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
	database.exec('CREATE TABLE entries (chain TEXT, place INTEGER, body TEXT, PRIMARY KEY (chain, place)) STRICT, WITHOUT ROWID');
	const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?)');
	const bodies = ENTRY_BYTES.map((bytes) => 'x'.repeat(bytes));
	let place = 0;
	return {
		time: (apartMs = 0) => {
			let took = 0;
			for (const body of bodies) {
				work(apartMs);
				const begun = performance.now();
				insert.run('yardstick', place, body);
				took += performance.now() - begun;
				place += 1;
			}
			return took;
		},
		close: () => {
			database.close();
			rmSync(directory, { recursive: true });
		},
	};
}

/** Stands for what any program does between two commits. */
function work(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until) JSON.parse(JSON.stringify(ENTRY_BYTES));
}
