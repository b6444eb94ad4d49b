/** Takes the table's stream; between batches, by schedule, it puts back what a restored table lacks, or compares some runs. */
import middy from '@middy/core';
import * as z from 'zod';
import type { Generation, TableChange } from '../../core/audit/archive-ports.ts';
import type { Ledger, Runs } from '../../core/ports.ts';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { type ArchiveSurroundings, archive } from './archive.ts';
import { compare } from './compare.ts';
import { putBack } from './put-back.ts';

export type ArchiveHandlerSurroundings<Record> = ArchiveSurroundings & {
	readonly generation: Generation;
	readonly ledger: Ledger;
	readonly runs: Runs;
	readonly record: z.ZodType<Record>;
	readonly changeOf: (record: Record) => TableChange;
	readonly say: (line: string) => void;
	readonly now: () => number;
};

const RUNS_PER_PAGE = 100;
const RESERVE_MS = 60_000;
/** All runs are compared once in so long, however often it is woken: each entry is a request that is paid. */
const ROUND_MS = 86_400_000;

/** A schedule's event has no records. */
const eventShape = z.object({ Records: z.array(z.unknown()).max(10_000).optional() });

export function archiveHandler<Record>({
	generation,
	ledger,
	runs,
	record,
	changeOf,
	say,
	now,
	...around
}: ArchiveHandlerSurroundings<Record>) {
	const from: { entries?: string | undefined; claims?: string | undefined } = {};
	let after: string | undefined;
	/** A run that there was no time to compare to its end, and the place to go on from. */
	let halfway: { readonly run: string; readonly from: number } | undefined;
	let roundBegan: number | undefined;
	const told = (values: Readonly<{ [name: string]: number }>): void => say(metricLine({ function: 'archive', at: now(), values }));
	const someRuns = async (remainingMs: () => number): Promise<void> => {
		if (after === undefined && !halfway) {
			if (roundBegan !== undefined && now() - roundBegan < ROUND_MS) return;
			roundBegan = now();
		}
		const page = await runs.list({ ...(after !== undefined && { after }), limit: RUNS_PER_PAGE });
		const sum = { compared: 0, uncompared: 0, lacked: 0, findings: 0 };
		for (const run of page) {
			if (remainingMs() < RESERVE_MS) break;
			try {
				const begun = halfway?.run === run ? halfway.from : 0;
				halfway = undefined;
				const one = await compare(run, { ...around, ledger }, { from: begun, remainingMs });
				sum.lacked += one.entries;
				sum.findings += one.findings;
				if (one.next !== undefined) {
					halfway = { run, from: one.next };
					break;
				}
				sum.compared += 1;
			} catch (error) {
				// One run that can't be read must not keep those behind it from being compared.
				sum.uncompared += 1;
				around.log({ name: error instanceof Error ? error.name : 'unknown', message: `run ${run} could not be compared` });
			}
			after = run;
		}
		if (page.length < RUNS_PER_PAGE && sum.compared + sum.uncompared === page.length) after = undefined;
		told(sum);
	};
	return middy(ownTimeouts)
		.use(reticent(around.log))
		.use(parsed(eventShape))
		.handler(async ({ Records }, context) => {
			const remainingMs = () => context.getRemainingTimeInMillis();
			if (Records) {
				const { failed, counts } = await archive(
					Records.map((one) => changeOf(record.parse(one))),
					around,
				);
				told(counts);
				return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
			}
			const life = await putBack({ ...around, generation, remainingMs, from });
			if (life.is !== 'confirmed-before')
				around.log({ name: 'generation', message: JSON.stringify({ generation: generation.id, ...life }) });
			told({ unconfirmed: life.is === 'confirmed-before' || life.is === 'confirmed' ? 0 : 1 });
			if (life.is === 'confirmed-before') await someRuns(remainingMs);
			return life;
		});
}
