/** A directory of SQLite files for one test, and what a test does to them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteStore, type SqliteOptions, type SqliteStore } from '../../adapters/sqlite/store.ts';
import { generation } from './open-store.ts';

export type Directory = { readonly path: string; file(name: string): string; open(options?: Partial<SqliteOptions>): SqliteStore };

/** Removed with all its stores closed when the test ends. */
export function emptyDirectory(): Directory {
	const path = mkdtempSync(join(tmpdir(), 'throughline-'));
	const stores: SqliteStore[] = [];
	onTestFinished(() => {
		for (const store of stores) store.close();
		rmSync(path, { recursive: true });
	});
	return {
		path,
		file: (name) => join(path, name),
		open: (options) => {
			const store = openSqliteStore({ directory: path, generation, ...options });
			const close = store.close;
			let closed = false;
			store.close = () => {
				if (!closed) close();
				closed = true;
			};
			stores.push(store);
			return store;
		},
	};
}
