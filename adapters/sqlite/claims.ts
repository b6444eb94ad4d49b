/** Claims on business keys, written in the ledger's own file so that one commit covers both. */
import * as z from 'zod';
import type { Appended, Claim, Claims } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

export const claimsSchema = `
	CREATE TABLE IF NOT EXISTS claims (
		tool TEXT NOT NULL,
		key TEXT NOT NULL,
		n INTEGER NOT NULL CHECK (n >= 1),
		run TEXT NOT NULL,
		step INTEGER NOT NULL,
		hint INTEGER NOT NULL,
		PRIMARY KEY (tool, key, n)
	) STRICT, WITHOUT ROWID;`;

const claimRow = z.object({ tool: z.string(), key: z.string(), n: z.int(), run: z.string(), step: z.int(), hint: z.int() });

/** The port, and its part in an append. */
export type SqliteClaims = Claims & {
	/** Inside a transaction. `undefined` when the claim was free. */
	take(claim: Claim): Appended | undefined;
};

export function sqliteClaims({ raw, path, use }: Database): SqliteClaims {
	const insert = raw.prepare(
		'INSERT INTO claims (tool, key, n, run, step, hint) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tool, key, n) DO NOTHING',
	);
	const holder = raw.prepare('SELECT * FROM claims WHERE tool = ? AND key = ? AND n = ?');
	const last = raw.prepare('SELECT * FROM claims WHERE tool = ? AND key = ? ORDER BY n DESC LIMIT 1');

	const claimOf = (row: unknown, tool: string): Claim => {
		const parsed = claimRow.safeParse(row);
		if (!parsed.success) throw damagedRow(path, `a claim of ${tool}`);
		return parsed.data;
	};
	return {
		latest: (tool, key) =>
			use(() => {
				const row = last.get(tool, key);
				return row && claimOf(row, tool);
			}),
		take: ({ tool, key, n, run, step, hint }) => {
			if (insert.run(tool, key, n, run, step, hint).changes === 1) return undefined;
			return { is: 'claimed', holder: claimOf(holder.get(tool, key, n), tool) };
		},
	};
}
