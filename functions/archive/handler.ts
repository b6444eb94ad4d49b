/** Takes the table's stream; between batches, by schedule, it puts back what a restored table lacks, or compares some runs. */
import middy from '@middy/core';
import * as z from 'zod';
import type { Generation, TableChange } from '../../core/audit/archive-ports.ts';
import { type Bookmark, type ClosedRuns, hourOf, type Moved } from '../../core/audit/rounds.ts';
import type { Ledger, Runs } from '../../core/ports.ts';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { type ArchiveSurroundings, archive } from './archive.ts';
import { tellClosed } from './closed.ts';
import { compareSome } from './comparing.ts';
import { putBack } from './put-back.ts';

export type ArchiveHandlerSurroundings<Record> = ArchiveSurroundings & {
	readonly generation: Generation;
	readonly ledger: Ledger;
	readonly runs: Runs;
	readonly moved: Pick<Moved, 'note'>;
	readonly closed: ClosedRuns;
	/** Where the round of comparing stands. */
	readonly bookmark: Bookmark;
	readonly record: z.ZodType<Record>;
	readonly changeOf: (record: Record) => TableChange;
	readonly say: (line: string) => void;
	readonly now: () => number;
};

/** A schedule's event has no records. */
const eventShape = z.object({ Records: z.array(z.unknown()).max(10_000).optional() });

export function archiveHandler<Record>({
	generation,
	ledger,
	runs,
	moved,
	closed,
	bookmark,
	record,
	changeOf,
	say,
	now,
	...around
}: ArchiveHandlerSurroundings<Record>) {
	const from: { entries?: string | undefined; claims?: string | undefined } = {};
	const told = (values: Readonly<{ [name: string]: number }>): void => say(metricLine({ function: 'archive', at: now(), values }));
	return middy(ownTimeouts)
		.use(reticent(around.log))
		.use(parsed(eventShape))
		.handler(async ({ Records }, context) => {
			const remainingMs = () => context.getRemainingTimeInMillis();
			if (Records) {
				const changes = Records.map((one) => changeOf(record.parse(one)));
				const { failed, counts } = await archive(changes, around);
				// A throw is the whole batch again: what is archived is noted, or comes again.
				for (const chain of chainsIn(changes)) await moved.note(chain, hourOf(now()));
				told({ ...counts, closed: await tellClosed(changes, { ...around, closed, now }) });
				return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
			}
			const life = await putBack({ ...around, generation, remainingMs, from });
			if (life.is !== 'confirmed-before')
				around.log({ name: 'generation', message: JSON.stringify({ generation: generation.id, ...life }) });
			told({ unconfirmed: life.is === 'confirmed-before' || life.is === 'confirmed' ? 0 : 1 });
			if (life.is !== 'confirmed-before') return life;
			const compared = await compareSome({ ...around, ledger, runs, moved, bookmark, now }, remainingMs);
			if (compared) told(compared);
			return life;
		});
}

/** What there is something new about, each once: entries, and whatever was changed or removed. Claims stand with their entries. */
function chainsIn(changes: readonly TableChange[]): Set<string> {
	return new Set(
		changes.flatMap((change) => {
			if (change.how === 'confirmed') return [];
			if (change.how !== 'insert') return [change.about];
			return change.item.is === 'entry' ? [change.item.entry.chain] : [];
		}),
	);
}
