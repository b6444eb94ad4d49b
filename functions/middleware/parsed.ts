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
			const issue = event.error.issues[0];
			throw new MalformedEvent(`${issue?.path.join('.') || 'the event'}: ${issue?.message}`);
		}
		request.event = event.data;
	},
});
