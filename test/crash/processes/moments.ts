/** Random moments of a command's work. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Effect } from '../../../core/ids.ts';
import type { Started } from '../../../local/demo/command.ts';
import type { Chance } from '../chance.ts';
import { effectsOf } from './outside.ts';
import type { Site } from './site.ts';

/**
 * What a moment lies after, and how many of a hundred do: an effect that was made outside, a grant that was recorded, a
 * command's own start, or any line of its progress. Counted in these, not in time from the start, moments fall into the
 * work on slow machines too.
 */
const kinds = [
	{ percent: 42, after: 'effect', atMost: 3, withinMs: 350 },
	{ percent: 35, after: 'grant', atMost: 6, withinMs: 40 },
	{ percent: 17, after: 'line', atMost: 40, withinMs: 350 },
	{ percent: 6, after: 'start', atMost: 0, withinMs: 700 },
] as const;
const POLL_MS = 10;

/** Resolves `now` at a random moment of the work, or `rested` when it came to its end before. */
export async function randomMoment(site: Site, { ended }: Started, chance: Chance): Promise<'now' | 'rested'> {
	let rested = false;
	void ended.then(() => {
		rested = true;
	});
	const { after, atMost, withinMs } = chance.pick(kinds.flatMap((kind) => Array.from({ length: kind.percent }, () => kind))) ?? kinds[0];
	const grants = grantsIn(site);
	try {
		const counts = {
			effect: () => effectsOf(site.worldDirectory).length,
			grant: grants.count,
			line: () => site.said.length,
			start: () => 0,
		};
		const count = counts[after];
		const wanted = count() + Math.min(atMost, 1) + Math.floor(chance.below(atMost));
		while (!rested && count() < wanted) await pause(POLL_MS);
	} finally {
		grants.close();
	}
	await pause(chance.below(withinMs));
	return rested ? 'rested' : 'now';
}

/** Grants that are recorded so far: of one effect class, or of all that change anything. */
export function grantsIn({ directory, exists }: Site, effect?: Effect): { count: () => number; close: () => void } {
	let database: DatabaseSync | undefined;
	const count = (): number => {
		if (!exists()) return 0;
		database ??= new DatabaseSync(join(directory, 'ledger.db'), { readOnly: true });
		return Number(database.prepare(COUNT_GRANTS).get(effect ? `%"effect":"${effect}"%` : '%')?.grants);
	};
	return { count, close: () => database?.close() };
}
const COUNT_GRANTS = `SELECT count(*) AS grants FROM entries WHERE body LIKE '%"grant":%' AND body NOT LIKE '%"effect":"read"%' AND body LIKE ?`;

/** Resolves once a new effect of one of `tools` stands in a journal outside, and nobody has been told yet; false when the work rested before. */
export async function effectInTheAir({ worldDirectory }: Site, { ended }: Started, tools: readonly string[]): Promise<boolean> {
	let rested = false;
	void ended.then(() => {
		rested = true;
	});
	const count = (): number => effectsOf(worldDirectory).filter(({ tool }) => tools.includes(tool)).length;
	const before = count();
	while (!rested && count() === before) await pause(POLL_MS);
	return !rested;
}
