/** A tool's guard. Only that tool may invoke it. */
import middy from '@middy/core';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import type { GuardSurroundings } from '../surroundings.ts';
import { guard } from './guard.ts';
import { guardRequest } from './protocol.ts';

export const guardHandler = ({ log, ...around }: GuardSurroundings & HandlerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(guardRequest))
		.handler((event) => guard(event, around));
