/** The list of runs: read from the entries' own key, so it can't be behind them, and a run that lost its first entry still stands in it. */
import type { Runs } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { damagedRow } from './errors.ts';

/** From each chain the next one, looked up in the key: a page costs as many lookups as it has runs, however long they are. */
const PAGE = `
	WITH RECURSIVE chains (chain) AS (
		SELECT min(chain) FROM entries WHERE chain > ?
		UNION ALL
		SELECT (SELECT min(chain) FROM entries WHERE chain > chains.chain) FROM chains WHERE chains.chain IS NOT NULL
	)
	SELECT chain FROM chains WHERE substr(chain, 1, 1) <> '@' LIMIT ?`;

export function sqliteRuns({ raw, path, use }: Database): Runs {
	const page = raw.prepare(PAGE);
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
