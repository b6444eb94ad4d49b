/** Application tables of `transaction` tools, in the ledger's own file. A declared table is a value here, so no name reaches the ledger. */
import * as z from 'zod';
import type { Appended, Tables, Write } from '../../core/ports.ts';
import { admits, changed, type Item } from '../../core/step/writes.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

export const itemsSchema = `
	CREATE TABLE IF NOT EXISTS items (
		declared TEXT NOT NULL,
		key TEXT NOT NULL,
		attributes TEXT NOT NULL,
		PRIMARY KEY (declared, key)
	) STRICT, WITHOUT ROWID;`;

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The port, and its part in an append. */
export type SqliteTables = Tables & {
	/** Inside a transaction. `undefined` when every write was let through. */
	apply(writes: readonly Write[]): Appended | undefined;
};

export function sqliteTables({ raw, path, use }: Database): SqliteTables {
	const select = raw.prepare('SELECT attributes FROM items WHERE declared = ? AND key = ?');
	const upsert = raw.prepare(
		'INSERT INTO items (declared, key, attributes) VALUES (?, ?, ?) ON CONFLICT (declared, key) DO UPDATE SET attributes = excluded.attributes',
	);

	const item = (table: string, key: string): Item | undefined => {
		const row = select.get(table, key);
		if (!row) return undefined;
		const parsed = attributes.safeParse(parsedJson(row.attributes));
		if (!parsed.success) throw damagedRow(path, `an item of ${table}`);
		return parsed.data;
	};
	return {
		get: (table, key) => use(() => item(table, key)),
		apply: (writes) => {
			for (const [index, write] of writes.entries()) {
				const before = item(write.table, write.key);
				if (!admits(write, before)) return { is: 'refused', write: index };
				const after = changed(write, before);
				if (after && after !== before) upsert.run(write.table, write.key, JSON.stringify(after));
			}
			return undefined;
		},
	};
}

/** `undefined`, which no row may hold, for what is no JSON. */
function parsedJson(text: unknown): unknown {
	try {
		return typeof text === 'string' ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}
