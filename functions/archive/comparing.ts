/** All runs compared with the archive, some each time, in rounds of a day: where a round stands is durable, and any process goes on. */
import * as z from 'zod';
import { type Bookmark, hourOf, type Moved } from '../../core/audit/rounds.ts';
import { runId } from '../../core/ids.ts';
import { jsonText } from '../../core/json-text.ts';
import type { Runs } from '../../core/ports.ts';
import { type CompareSurroundings, compare } from './compare.ts';

export type ComparingSurroundings = CompareSurroundings & {
	readonly runs: Runs;
	readonly moved: Pick<Moved, 'note'>;
	readonly bookmark: Bookmark;
	readonly now: () => number;
};
export type ComparingCounts = { compared: number; uncompared: number; lacked: number; findings: number };

const RUNS_PER_PAGE = 100;
const RESERVE_MS = 60_000;
/** All runs are compared once in so long, however often it is woken: each entry is a request that is paid. */
const ROUND_MS = 86_400_000;

const position = jsonText(
	z.object({
		roundBegan: z.number(),
		/** The last run that is through. `null`: the round is. */
		after: z.string().nullable(),
		/** A run that there was no time to compare to its end, and the place to go on from. */
		halfway: z.object({ run: runId, from: z.int().min(0) }).nullable(),
	}),
);
type Position = z.infer<typeof position>;

/**
 * @returns `undefined` between two rounds.
 * @throws what the list of runs or the bookmark throw: the next one begins where this one began.
 */
export async function compareSome(around: ComparingSurroundings, remainingMs: () => number): Promise<ComparingCounts | undefined> {
	const { runs, moved, bookmark, now, log } = around;
	// What is no position is begun anew: comparing twice does no harm.
	const begun = position.safeParse(await bookmark.read()).data;
	if (begun && begun.after === null && now() - begun.roundBegan < ROUND_MS) return undefined;
	const sum: ComparingCounts = { compared: 0, uncompared: 0, lacked: 0, findings: 0 };
	const at: Position = begun && begun.after !== null ? { ...begun } : { roundBegan: now(), after: '', halfway: null };
	const page = await runs.list({ ...(at.after && { after: at.after }), limit: RUNS_PER_PAGE });
	for (const run of page) {
		if (remainingMs() < RESERVE_MS) break;
		try {
			const from = at.halfway?.run === run ? at.halfway.from : 0;
			at.halfway = null;
			const one = await compare(run, around, { from, remainingMs });
			sum.lacked += one.entries;
			sum.findings += one.findings;
			if (one.entries > 0) await moved.note(run, hourOf(now()));
			if (one.next !== undefined) {
				at.halfway = { run, from: one.next };
				break;
			}
			sum.compared += 1;
		} catch (error) {
			// One run that can't be read must not keep those behind it from being compared.
			sum.uncompared += 1;
			log({ name: error instanceof Error ? error.name : 'unknown', message: `run ${run} could not be compared` });
		}
		at.after = run;
	}
	if (page.length < RUNS_PER_PAGE && sum.compared + sum.uncompared === page.length) at.after = null;
	await bookmark.put(JSON.stringify(at));
	return sum;
}
