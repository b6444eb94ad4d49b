/** People's answers. Who answers is what the edge verified, never what the event says. */
import middy from '@middy/core';
import * as z from 'zod';
import { digest, runId } from '../../core/ids.ts';
import { json } from '../../core/json.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { CallerSurroundings, HandlerSurroundings } from '../middleware/runtime.ts';
import type { Surroundings } from '../surroundings.ts';
import { decide } from './decide.ts';

const step = z.int().min(1);
const note = z.string().max(2_000);
export const decideEvent = z.strictObject({
	run: runId,
	answer: z.discriminatedUnion('is', [
		z.strictObject({ is: z.literal('approve'), step, shown: digest, note }),
		z.strictObject({ is: z.literal('refuse'), step, shown: digest, note }),
		z.strictObject({ is: z.literal('done'), step, result: json, note }),
		z.strictObject({ is: z.literal('failed'), step, note }),
	]),
});

export const decideHandler = ({ log, callerOf, ...around }: Surroundings & HandlerSurroundings & CallerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(decideEvent))
		.handler((event, context) => decide({ ...event, by: callerOf(context) }, around));
