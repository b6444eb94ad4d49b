/** middy: an event is hostile until it has its shape. */
import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod';

/** The event is not of the function's shape. Final: the same event never will be. */
export class MalformedEvent extends Error {
	override name = 'MalformedEvent';
}

/** Replaces the event by what `shape` makes of it. @throws MalformedEvent */
export const parsed = <T>(shape: z.ZodType<T>): MiddlewareObj<T> => ({
	before: (request) => {
		const event = shape.safeParse(request.event);
		if (!event.success) {
			throw new MalformedEvent(describe(event.error.issues[0]));
		}
		request.event = event.data;
	},
});

/** A3: names of the schema's own only. Deeper parts of a path, and keys that it does not know, are what the caller sent. */
function describe(issue: z.core.$ZodIssue | undefined): string {
	const where = issue?.path.slice(0, 2).join('.') || 'the event';
	return `${where}: ${issue?.code === 'unrecognized_keys' ? 'keys that it does not have' : issue?.message}`;
}
