/** Ciphertexts too large for an entry, in a file of their own: see docs/spec/storage.md for why. */
import type { Payloads } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

export const payloadsSchema =
	'CREATE TABLE IF NOT EXISTS payloads (name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;';

export function sqlitePayloads({ raw, path, use }: Database): Payloads {
	const insert = raw.prepare('INSERT INTO payloads (name, bytes) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
	const select = raw.prepare('SELECT bytes FROM payloads WHERE name = ?');
	return {
		put: (name, bytes) => use(() => void insert.run(name, bytes)),
		get: (name) =>
			use(() => {
				const row = select.get(name);
				if (!row) return undefined;
				if (!(row.bytes instanceof Uint8Array)) throw damagedRow(path, `payload ${name}`);
				return row.bytes;
			}),
	};
}
