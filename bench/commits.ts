/** The yardsticks: bare durable SQLite commits of rows as large as entries, on the same disk, in the same run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../core/ports.ts';

/** One table and one row a commit, always the next one: what no durable ledger can do without. */
export type BareTable = { commit(body: string): void; close(): void };

export function bareTable(): BareTable {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const database = new DatabaseSync(join(directory, 'yardstick.db'));
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
	database.exec('CREATE TABLE entries (chain TEXT, place INTEGER, body TEXT, PRIMARY KEY (chain, place)) STRICT, WITHOUT ROWID');
	const insert = database.prepare("INSERT INTO entries VALUES ('yardstick', ?, ?)");
	let place = 0;
	return {
		commit: (body) => void insert.run(place++, body),
		close: () => {
			database.close();
			rmSync(directory, { recursive: true });
		},
	};
}

/** About what an intent, a decision and an outcome of small content take, in bytes. */
const BODIES = [620, 1_010, 560].map((bytes) => 'x'.repeat(bytes));

/** Commits three rows, one straight after another, `times` times; answers how long each three took, in milliseconds. */
export function backToBack({ commit }: BareTable, times: number): number[] {
	return Array.from({ length: times }, () => {
		const begun = performance.now();
		for (const body of BODIES) commit(body);
		return performance.now() - begun;
	});
}

/**
 * `ledger`, each of whose entries is committed to `table` besides, where it is written. A commit there takes longer than back to back:
 * disk and processor have gone to sleep meanwhile, and the caches hold what was worked on. `took`: how long each did, in milliseconds.
 */
export function inPlace(ledger: Ledger, { commit }: BareTable): { ledger: Ledger; took: number[] } {
	const took: number[] = [];
	const append: Ledger['append'] = (entry, together) => {
		const begun = performance.now();
		commit(entry.body);
		took.push(performance.now() - begun);
		return ledger.append(entry, together);
	};
	return { ledger: { ...ledger, append }, took };
}
