/** What the outside knows on its first day. Ages are relative, so that the example does not grow old with the file. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

export const id = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'an id is 1 to 40 of A-Z a-z 0-9 _ -');
export const cents = z.int().min(0).max(100_000_000);
export const method = z.enum(['card', 'gift-card']);
export const shipmentStatus = z.enum(['label-created', 'in-transit', 'delivered']);

export const customer = z.strictObject({ id, name: z.string().max(100), email: z.email().max(200), frozen: z.boolean() });
export const line = z.strictObject({ name: z.string().max(100), quantity: z.int().min(1).max(1000), amountCents: cents });

const seededOrder = z.strictObject({
	id,
	customer,
	lines: z.array(line).min(1).max(50),
	charges: z.array(z.strictObject({ id, amountCents: cents, method, chargedDaysAgo: z.int().min(0).max(3650) })).max(10),
	shipment: z.strictObject({ tracking: id, status: shipmentStatus }).nullable(),
});
export const seed = z.strictObject({ orders: z.array(seededOrder).max(1000) });
export type Seed = z.infer<typeof seed>;

/** @throws Error when the file is missing or not a seed. */
export function readSeed(file: string): Seed {
	return seed.parse(JSON.parse(readFileSync(file, 'utf8')));
}
