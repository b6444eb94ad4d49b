/** What a handler needs of the runtime it is in. */
export type HandlerSurroundings = {
	readonly log: (line: { name: string; message: string }) => void;
	/** Ends the process at once. */
	readonly exit: () => void;
};

/** Who calls, as the edge in front of the function verified it. */
export type CallerSurroundings = { readonly callerOf: (context: unknown) => string };
