/** Reads one region's files for a period. Called by schedule, or by whoever has reason to doubt the stream. */
import middy from '@middy/core';
import * as z from 'zod';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { type BackfillSurroundings, backfill, DELIVERED_MS, PERIOD_MS } from './backfill.ts';

const HOUR_MS = 3_600_000;
/** A schedule is no clock: an hour between two days is read twice rather than never. */
const REACH_MS = 25 * HOUR_MS;

/** Without a period: the last day that has to be there by now. Times in milliseconds since 1970. */
export const backfillEvent = z.object({
	period: z
		.object({ fromMs: z.int().min(0), toMs: z.int().min(0) })
		.refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= PERIOD_MS, 'a period is at most seven days')
		.optional(),
});

export type TrailPlace = { readonly account: string; readonly regions: readonly string[]; readonly trail: string; readonly prefix: string };
export type BackfillHandlerSurroundings = Omit<BackfillSurroundings, 'remainingMs'> & {
	readonly trail: TrailPlace;
	readonly log: (line: { name: string; message: string }) => void;
	readonly say: (line: string) => void;
};

export const backfillHandler = ({ trail, log, say, now, ...around }: BackfillHandlerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(backfillEvent))
		.handler(async (event, context) => {
			const at = now();
			const toMs = Math.floor((at - DELIVERED_MS) / HOUR_MS) * HOUR_MS;
			const period = event.period ?? { fromMs: toMs - REACH_MS, toMs };
			const { regions, ...place } = trail;
			const answers = [];
			for (const region of regions) {
				const answer = await backfill(
					{ ...place, region, period },
					{ ...around, now, remainingMs: () => context.getRemainingTimeInMillis() },
				);
				for (const fault of answer.faults) log({ name: fault.is, message: JSON.stringify({ region, ...fault }) });
				const { covered, faults, cutShort, ...counts } = answer;
				say(metricLine({ function: 'backfill', at, values: { ...counts, trailFaults: faults.length, cutShort: cutShort ? 1 : 0 } }));
				answers.push({ region, ...answer });
			}
			return { period, regions: answers };
		});
