/** What the process of an agent that runs elsewhere has to say: calls, a memory; and calls that an execution came with. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import { checkpoint } from './checkpoint.ts';
import { inline } from './inline.ts';
import { type IntakeSurroundings, intake } from './intake.ts';

const step = z.int().min(1).max(999_999_999);
// What calls and memory are is looked at where it can be said what is wrong with them.
export const intakeEvent = z.union([
	z.strictObject({ run: runId, first: step, calls: z.array(z.unknown()) }),
	z.strictObject({ run: runId, memory: z.unknown(), over: z.int().min(0).optional() }),
	z.strictObject({ state: z.literal('Intake'), run: runId, step, call: z.unknown() }),
]);

export const intakeHandler = ({ log, ...around }: IntakeSurroundings & HandlerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(intakeEvent))
		.handler((event) => {
			if ('state' in event) return inline(event, around);
			return 'calls' in event ? intake(event, around) : checkpoint(event, around);
		});
