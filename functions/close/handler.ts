/** Stops runs. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { CallerSurroundings, HandlerSurroundings } from '../middleware/runtime.ts';
import type { Surroundings } from '../surroundings.ts';
import { close } from './close.ts';

export const closeEvent = z.strictObject({ run: runId, reason: z.string().max(2_000) });

export const closeHandler = ({ log, callerOf, ...around }: Surroundings & HandlerSurroundings & CallerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(closeEvent))
		.handler((event, context) => close({ ...event, by: callerOf(context) }, around));
