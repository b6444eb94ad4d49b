/** Where in the source a call is made: the innermost line of core or functions on the stack. */
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const ours = /^(core|functions)\//;

export function siteHere(): string | undefined {
	const { prepareStackTrace, stackTraceLimit } = Error;
	Error.stackTraceLimit = 25;
	Error.prepareStackTrace = (_error, frames) => frames;
	const frames = new Error().stack as unknown as NodeJS.CallSite[];
	Error.prepareStackTrace = prepareStackTrace;
	Error.stackTraceLimit = stackTraceLimit;
	for (const frame of frames) {
		const name = frame.getFileName();
		if (!name) continue;
		const path = name.startsWith('file:') ? fileURLToPath(name) : name;
		if (!path.startsWith(root)) continue;
		const relative = path.slice(root.length);
		if (ours.test(relative)) return `${relative}:${frame.getLineNumber()}`;
	}
	return undefined;
}
