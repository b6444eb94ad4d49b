/** The list of runs: an index over the entries themselves, so it can't be behind them. */
import type { Runs } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

/** Which chains are runs, in the words of both the index and the query: SQLite uses it for nothing else. */
const isRun = "place = 0 AND substr(chain, 1, 1) <> '@'";

export const runsSchema = `CREATE INDEX IF NOT EXISTS runs ON entries (chain) WHERE ${isRun};`;

export function sqliteRuns({ raw, path, use }: Database): Runs {
	const page = raw.prepare(`SELECT chain FROM entries WHERE ${isRun} AND chain > ? ORDER BY chain LIMIT ?`);
	return {
		list: ({ after = '', limit }) =>
			use(() =>
				page.all(after, limit).map(({ chain }) => {
					if (typeof chain !== 'string') throw damagedRow(path, 'the name of a run');
					return chain;
				}),
			),
	};
}
