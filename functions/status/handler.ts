/** Where runs of one agent stand. */
import middy from '@middy/core';
import * as z from 'zod';
import { RESULTS_PER_READING } from '../../core/bounds.ts';
import { runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import type { Surroundings } from '../surroundings.ts';
import { standing } from './standing.ts';

const asked = z.strictObject({ step: z.int().min(1).max(999_999_999), hint: z.int().min(0).default(0) });
export const statusEvent = z.strictObject({
	run: runId,
	steps: z.array(asked).max(RESULTS_PER_READING).default([]),
	memory: z.boolean().default(false),
});

export const statusHandler = ({ log, ...around }: Surroundings & HandlerSurroundings & { readonly agent: string }) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(statusEvent))
		.handler((event) => standing(event, around));
