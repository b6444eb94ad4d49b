/** Keys of runs, in a file of their own: a backup of the ledger holds none, and erasing one erases the run's content everywhere. */
import type { RunKeys } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

/** A destroyed key leaves its row behind, without the key, so that no other takes its place. */
export const keysSchema = `
	CREATE TABLE IF NOT EXISTS keys (
		run TEXT NOT NULL PRIMARY KEY,
		key BLOB CHECK (key IS NULL OR length(key) = 32)
	) STRICT, WITHOUT ROWID;`;

export function sqliteKeys({ raw, path, use }: Database): RunKeys {
	const insert = raw.prepare('INSERT INTO keys (run, key) VALUES (?, ?) ON CONFLICT (run) DO NOTHING');
	const select = raw.prepare('SELECT key FROM keys WHERE run = ?');
	const erase = raw.prepare(
		'INSERT INTO keys (run, key) VALUES (?, NULL) ON CONFLICT (run) DO UPDATE SET key = NULL WHERE key IS NOT NULL',
	);

	const standing = (run: string): Uint8Array | undefined => {
		const key = select.get(run)?.key ?? undefined;
		if (key === undefined || key instanceof Uint8Array) return key;
		throw damagedRow(path, `the key of run ${run}`);
	};
	return {
		create: (run, key) =>
			use(() => {
				insert.run(run, key);
				const stands = standing(run);
				if (!stands) throw new Error(`the key of run ${run} was destroyed and its content with it; a new run has to have another id`);
				return stands;
			}),
		get: (run) => use(() => standing(run)),
		destroy: (run) => use(() => void erase.run(run)),
	};
}
