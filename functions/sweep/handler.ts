/** Sweeps over the runs, from where the last sweep of this process had to stop. */
import middy from '@middy/core';
import * as z from 'zod';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import { type SweepSurroundings, sweep } from './sweep.ts';

/** A schedule's own event says nothing that a sweep needs. */
const sweepEvent = z.object({});

export const sweepHandler = ({ log, ...around }: Omit<SweepSurroundings, 'remainingMs' | 'over'> & Omit<HandlerSurroundings, 'exit'>) => {
	const over = new Set<string>();
	let after: string | undefined;
	return middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(sweepEvent))
		.handler(async (_event, context) => {
			const answer = await sweep({ after }, { ...around, over, remainingMs: () => context.getRemainingTimeInMillis() });
			after = answer.after;
			for (const { run, error } of answer.unread) log({ name: error, message: `run ${run} could not be looked at` });
			return { seen: answer.seen, recovered: answer.recovered, unread: answer.unread.length, whole: after === undefined };
		});
};
