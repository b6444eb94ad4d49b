/** A tool's function. */
import middy from '@middy/core';
import { toolEvent } from '../guard/protocol.ts';
import { endsProcess } from '../middleware/ends-process.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import type { HandlerSurroundings } from '../middleware/runtime.ts';
import { runTool, type ToolSurroundings } from './tool.ts';

export const toolHandler = ({ log, exit, ...around }: Omit<ToolSurroundings, 'remainingMs'> & HandlerSurroundings) =>
	middy(ownTimeouts)
		.use(endsProcess(exit))
		.use(reticent(log))
		.use(parsed(toolEvent))
		.handler((event, context) => runTool(event, { ...around, remainingMs: () => context.getRemainingTimeInMillis() }));
