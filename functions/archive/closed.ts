/**
 * Tells whoever reconciles an agent's runs that one was closed. Nothing rests on it: what is lost here, comes twice or comes
 * late, a round finds by what has moved. So it never keeps the stream from going on.
 */
import type { Archive, TableChange } from '../../core/audit/archive-ports.ts';
import type { ClosedRuns } from '../../core/audit/rounds.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import { archived } from './archive.ts';

export type TellingSurroundings = {
	readonly archive: Pick<Archive, 'get'>;
	readonly closed: ClosedRuns;
	readonly log: (line: { name: string; message: string }) => void;
	readonly now: () => number;
};

/** @returns how many were told. Never throws for a queue that takes none. */
export async function tellClosed(changes: readonly TableChange[], { archive, closed, log, now }: TellingSurroundings): Promise<number> {
	let told = 0;
	for (const change of changes) {
		if (change.how !== 'insert' || change.item.is !== 'entry') continue;
		const { entry: stored } = change.item;
		const last = parseStored(stored);
		if (!('entry' in last) || last.entry.kind !== 'closed') continue;
		try {
			const first = await archived(archive, stored.chain, 0);
			const opened = first && parseStored(first);
			if (!opened || !('entry' in opened) || opened.entry.kind !== 'opened') continue;
			// Whoever writes an entry chooses its time: one in the future would be waited for.
			await closed.tell({ agent: opened.entry.agent, run: stored.chain, closedAt: Math.min(last.entry.at, now()) });
			told += 1;
		} catch (error) {
			log({ name: error instanceof Error ? error.name : 'unknown', message: `nobody was told that ${stored.chain} is closed` });
		}
	}
	return told;
}
