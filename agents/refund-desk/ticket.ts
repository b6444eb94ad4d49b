/** What the agent is given to do. Everything in it was written by a customer, or by whoever pretends to be one. */
import * as z from 'zod';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'an id is 1 to 40 of A-Z a-z 0-9 _ -');

export const ticket = z.strictObject({
	id,
	/** Who the ticket says it is from. The order's own customer is what counts. */
	customer: id,
	/** Where the ticket asks to be answered. */
	email: z.email().max(200).optional(),
	order: id,
	text: z.string().min(1).max(4_000),
	/** The boxes ticked on the form. */
	wants: z.array(z.enum(['refund', 'credit', 'recall'])).max(3),
});
export type Ticket = z.infer<typeof ticket>;
