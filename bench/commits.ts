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

/** Commits `bodies`, one straight after another; answers how long each commit took, in milliseconds. */
export function backToBack({ commit }: BareTable, bodies: readonly string[]): number[] {
	return bodies.map((body) => {
		const begun = performance.now();
		commit(body);
		return performance.now() - begun;
	});
}

/**
 * `ledger`, each of whose entries is committed to `table` besides, at the moment at which it is appended. `took`: how long each commit
 * took, in milliseconds; `bodies`: what was committed.
 */
export function inPlace(ledger: Ledger, { commit }: BareTable): { ledger: Ledger; took: number[]; bodies: string[] } {
	const took: number[] = [];
	const bodies: string[] = [];
	const append: Ledger['append'] = (entry, together) => {
		const begun = performance.now();
		commit(entry.body);
		took.push(performance.now() - begun);
		bodies.push(entry.body);
		return ledger.append(entry, together);
	};
	return { ledger: { ...ledger, append }, took, bodies };
}
