/** Opens runs of one agent. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { json } from '../../core/json.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { CallerSurroundings, HandlerSurroundings } from '../middleware/runtime.ts';
import { type OpenSurroundings, open } from './open.ts';

export const openEvent = z.strictObject({ run: runId, task: json });

export const openHandler = ({ log, callerOf, ...around }: OpenSurroundings & HandlerSurroundings & CallerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(openEvent))
		.handler((event, context) => open({ ...event, by: callerOf(context) }, around));
