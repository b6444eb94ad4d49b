/** Reconciles closed runs off their queue, what has moved by schedule, and one run when asked. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { queued, takeClosed } from './closed.ts';
import { type RoundSurroundings, round } from './round.ts';
import { noVisits, visit } from './visits.ts';

const reconcileEvent = z.object({ run: runId.optional(), Records: z.array(queued).max(10_000).optional() });

export type ReconcileHandlerSurroundings = Omit<RoundSurroundings, 'known'> & { readonly say: (line: string) => void };

export const reconcileHandler = ({ say, ...given }: ReconcileHandlerSurroundings) => {
	const around = { ...given, known: new Map<string, string>() };
	const { agent, now } = around;
	return middy(ownTimeouts)
		.use(reticent(around.log))
		.use(parsed(reconcileEvent))
		.handler(async ({ run, Records }, context) => {
			const counts = noVisits();
			const remainingMs = () => context.getRemainingTimeInMillis();
			const told = (more: Readonly<Record<string, number>>): void => {
				const { witnessed, open, ...values } = counts;
				say(metricLine({ function: 'reconcile', at: now(), values: { ...values, ...more }, besides: { agent, witnessed, open } }));
			};
			if (Records) {
				const { failed, early } = await takeClosed(Records, around, { remainingMs, counts });
				told({ early, unfinished: counts.unread });
				return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
			}
			const through = run === undefined ? await round(around, remainingMs, counts) : (await visit(run, around, counts)) === 'reconciled';
			told({ unfinished: counts.unread + (through ? 0 : 1) });
			return { ...counts };
		});
};
