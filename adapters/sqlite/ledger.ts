/** The ledger as rows. L1 is the primary key of `entries`: SQLite takes a place once, whoever asks at the same time. */
import type { StatementSync } from 'node:sqlite';
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import { checkAppend } from '../../core/ledger/check-append.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Appended, Ledger, Together } from '../../core/ports.ts';
import type { SqliteClaims } from './claims.ts';
import type { Database } from './database.ts';
import { damagedRow, MayHaveLanded, StoreBusy } from './errors.ts';
import type { SqliteTables } from './tables.ts';

export const entriesSchema = `
	CREATE TABLE IF NOT EXISTS entries (
		chain TEXT NOT NULL,
		place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 999999999),
		body TEXT NOT NULL,
		PRIMARY KEY (chain, place)
	) STRICT;`;

export function sqliteLedger({ database, claims, tables }: { database: Database; claims: SqliteClaims; tables: SqliteTables }): Ledger {
	const { raw, path, use } = database;
	const ascending = byLimit((limit) =>
		raw.prepare(`SELECT place, body FROM entries WHERE chain = ? AND place >= ? ORDER BY place LIMIT ${limit}`),
	);
	const descending = byLimit((limit) => raw.prepare(`SELECT place, body FROM entries WHERE chain = ? ORDER BY place DESC LIMIT ${limit}`));
	const holder = raw.prepare('SELECT place, body FROM entries WHERE chain = ? AND place = ?');
	const insert = raw.prepare('INSERT INTO entries (chain, place, body) VALUES (?, ?, ?) ON CONFLICT (chain, place) DO NOTHING');

	const entryOf = (chain: string, row: Record<string, unknown> | undefined): StoredEntry => {
		if (typeof row?.place !== 'number' || typeof row.body !== 'string') throw damagedRow(path, `an entry of ${chain}`);
		return { chain, place: row.place, body: row.body };
	};
	/** One statement: SQLite begins and commits around it. `undefined` when the place was free. */
	const take = ({ chain, place, body }: StoredEntry): Appended | undefined => {
		if (insert.run(chain, place, body).changes === 1) return undefined;
		return { is: 'conflict', holder: entryOf(chain, holder.get(chain, place)) };
	};
	const takeTogether = (entry: StoredEntry, { claim, writes = [] }: Together): Appended | undefined =>
		atomically(raw, () => take(entry) ?? (claim && claims.take(claim)) ?? tables.apply(writes));

	return {
		generation: database.generation,
		read: (chain, { from, limit }) =>
			use(() =>
				ascending(limit)
					.all(chain, from)
					.map((row) => entryOf(chain, row)),
			),
		latest: (chain, limit) =>
			use(() =>
				descending(limit)
					.all(chain)
					.map((row) => entryOf(chain, row))
					.reverse(),
			),
		append: async (entry, together = {}) => {
			checkAppend(entry, together);
			const alone = !together.claim && !together.writes?.length;
			try {
				return (await use(() => (alone ? take(entry) : takeTogether(entry, together)))) ?? { is: 'appended' };
			} catch (error) {
				if (error instanceof StoreBusy || error instanceof MayHaveLanded) return { is: 'unknown', cause: error.message };
				throw error;
			}
		},
	};
}

/** Commits what `land` did, unless it answers why not. A crash in here leaves nothing: SQLite finds no commit. */
function atomically(raw: Database['raw'], land: () => Appended | undefined): Appended | undefined {
	raw.exec('BEGIN IMMEDIATE');
	try {
		const refusal = land();
		raw.exec(refusal ? 'ROLLBACK' : 'COMMIT');
		return refusal;
	} catch (error) {
		// A full disk has rolled back by itself.
		if (raw.isTransaction) raw.exec('ROLLBACK');
		throw error;
	}
}

/** One statement a limit, made when it is first asked for: SQLite plans a statement anew whenever a bound limit is set. */
function byLimit(prepare: (limit: number) => StatementSync): (limit: number) => StatementSync {
	const prepared = new Map<number, StatementSync>();
	return (limit) => {
		if (!Number.isInteger(limit) || limit < 1 || limit > ENTRIES_PER_QUERY) {
			throw new RangeError(`a query reads 1 to ${ENTRIES_PER_QUERY} entries, not ${limit}`);
		}
		const statement = prepared.get(limit) ?? prepare(limit);
		prepared.set(limit, statement);
		return statement;
	};
}
