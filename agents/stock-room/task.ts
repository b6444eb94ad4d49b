/** What the stock room is asked: to book these deliveries, in this order. */
import * as z from 'zod';

export const task = z.strictObject({
	deliveries: z.array(z.strictObject({ item: z.string(), quantity: z.int() })).max(90),
});
export type Task = z.infer<typeof task>;
