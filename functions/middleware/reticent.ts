/**
 * middy: what a state machine sees of an error is its stable name and a message of ours, for retries and catches to
 * match; anything else may carry content, and goes to the function's own log only.
 */
import type { MiddlewareObj } from '@middy/core';

/** Errors of ours whose messages hold ids and sizes only. */
const ours = new Set([
	'AppendUnknown',
	'CallDiverged',
	'CallRefused',
	'ClocksDisagree',
	'GuardRefused',
	'LedgerBroken',
	'LedgerUnavailable',
	'MalformedEvent',
	'PlaceContended',
	'RunKeyLost',
	'RunNotFound',
]);

/** Whether an error of a tool's function came up before anything was granted: the tool did not run. */
export const isBeforeGrant = (error: Error | null | undefined): boolean => error instanceof Error && ours.has(error.name);

export const reticent = (log: (line: { name: string; message: string }) => void): MiddlewareObj => ({
	onError: (request) => {
		const { error } = request;
		if (!(error instanceof Error)) return;
		log({ name: error.name, message: error.message });
		if (ours.has(error.name)) return;
		const named = new Error('see the log of the function');
		named.name = error.name === 'Unclean' ? 'Unclean' : 'FunctionFailed';
		named.stack = named.name;
		request.error = named;
	},
});
