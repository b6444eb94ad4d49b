/** Where in the source a call is made: the innermost line of core or functions on the stack. */
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const ours = /^(core|functions)\//;
/** How many frames at most lie between a call of a port and what carries it out. */
const FRAMES = 14;

export function siteHere(): string | undefined {
	const { prepareStackTrace, stackTraceLimit } = Error;
	Error.stackTraceLimit = FRAMES;
	Error.prepareStackTrace = (_error, frames) => frames;
	const frames = new Error().stack as unknown as NodeJS.CallSite[];
	Error.prepareStackTrace = prepareStackTrace;
	Error.stackTraceLimit = stackTraceLimit;
	for (const frame of frames) {
		const file = fileOf(frame.getFileName());
		if (file !== undefined) return `${file}:${frame.getLineNumber()}`;
	}
	return undefined;
}

/** By what the engine calls it: the file from the project's root, where it is one of ours. */
const files = new Map<string, string | undefined>();
function fileOf(name: string | null | undefined): string | undefined {
	if (!name) return undefined;
	if (files.has(name)) return files.get(name);
	const path = name.startsWith('file:') ? fileURLToPath(name) : name;
	const relative = path.startsWith(root) ? path.slice(root.length) : '';
	const file = ours.test(relative) ? relative : undefined;
	files.set(name, file);
	return file;
}
