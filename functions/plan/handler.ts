/** An agent's planner. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import { type PlanSurroundings, plan } from './plan.ts';

const place = z.int().min(0);
export const planEvent = z.object({ run: runId, epoch: place, hint: place });

export const planHandler = ({ log, ...around }: PlanSurroundings & HandlerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(planEvent))
		.handler((event) => plan(event, around));
