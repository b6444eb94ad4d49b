/** Takes runs of any agent up again. */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import type { Surroundings } from '../surroundings.ts';
import { resume } from './resume.ts';

const resumeEvent = z.object({ run: runId, reason: z.enum(['recovery', 'answer', 'handover', 'person']) });

export const resumeHandler = ({ log, by, ...around }: Surroundings & HandlerSurroundings & { readonly by: string }) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(resumeEvent))
		.handler((event) => resume({ ...event, by }, around));
