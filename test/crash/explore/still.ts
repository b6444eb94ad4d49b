/** Nothing that is explored waits for real time: timers of processes that were explored to their end must not pile up. */
export function standStill(): void {
	const never = () => ({ unref: () => {}, ref: () => {} });
	Object.assign(globalThis, { setTimeout: never, clearTimeout: () => {} });
	// Most errors here are thrown on purpose, thousands of them a second.
	Error.stackTraceLimit = 0;
}
