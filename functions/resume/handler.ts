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

const asked = z.object({ run: runId, reason: z.enum(['recovery', 'answer', 'handover', 'person']) });
/** What the rule on an execution's end knows is the execution's name, which is made of run and epoch. */
const interrupted = z
	.object({ run: z.string().regex(/^[A-Za-z0-9_-]{2,40}-\d{1,9}$/), reason: z.literal('interrupted') })
	.transform(({ run }) => ({ run: run.replace(/-\d+$/, ''), reason: 'recovery' as const }));
const resumeEvent = z.union([asked, interrupted]);

export const resumeHandler = ({ log, by, ...around }: Surroundings & HandlerSurroundings & { readonly by: string }) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(resumeEvent))
		.handler((event) => resume({ ...event, by }, around));
