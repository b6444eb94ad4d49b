/** Freezes and thaws, of a run, an agent or everything. */
import middy from '@middy/core';
import * as z from 'zod';
import { agentChain, agentName, everythingChain, runId } from '../../core/ids.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { CallerSurroundings, HandlerSurroundings } from '../middleware/runtime.ts';
import type { Surroundings } from '../surroundings.ts';
import { freezeChain, freezeRun } from './freeze.ts';

const about = { is: z.enum(['freeze', 'thaw']), reason: z.string().max(2_000) };
export const freezeEvent = z.union([
	z.strictObject({ ...about, run: runId }),
	z.strictObject({ ...about, agent: agentName }),
	z.strictObject({ ...about, everything: z.literal(true) }),
]);

export const freezeHandler = ({ log, callerOf, ...around }: Surroundings & Omit<HandlerSurroundings, 'exit'> & CallerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(freezeEvent))
		.handler((event, context) => {
			const said = { is: event.is, reason: event.reason, by: callerOf(context) };
			if ('run' in event) return freezeRun(event.run, said, around);
			return freezeChain('agent' in event ? agentChain(event.agent) : everythingChain, said, around.store);
		});
