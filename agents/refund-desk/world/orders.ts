/** The shop's orders: read only. It notes who asks and believes it. */
import * as z from 'zod';
import type { Journal } from './journal.ts';
import { cents, customer, id, line, method, type Seed, shipmentStatus } from './seed.ts';
import { header, noSuchRoute, refusalAnswer, type Service } from './serve.ts';
import { by, claimedBy, SESSION_HEADER } from './session.ts';
import type { Call } from './trail.ts';

const DAY_MS = 86_400_000;

const order = z.strictObject({
	id,
	customer,
	lines: z.array(line),
	charges: z.array(z.strictObject({ id, amountCents: cents, method, chargedAt: z.int() })),
	shipment: z.strictObject({ tracking: id, status: shipmentStatus }).nullable(),
});
type Order = z.infer<typeof order>;

const at = z.int().min(0);
export const ordersLine = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('seeded'), at, orders: z.array(order) }),
	z.strictObject({ kind: z.literal('read'), at, by, order: id, found: z.boolean() }),
]);
export type OrdersLine = z.infer<typeof ordersLine>;

/** How its trail tells a line. */
export const ordersCall = (line: OrdersLine): Call | undefined =>
	line.kind === 'seeded'
		? undefined
		: { name: 'GetOrder', readOnly: true, request: { id: line.order }, ...(!line.found && { error: 'no-such-order' }) };

export function orders({ journal, now, seed }: { journal: Journal<OrdersLine>; now: () => number; seed: () => Seed }): Service {
	const known = new Map<string, Order>();
	const apply = (entry: OrdersLine): void => {
		if (entry.kind === 'seeded') for (const each of entry.orders) known.set(each.id, each);
	};
	const record = (entry: OrdersLine): void => {
		journal.append(entry);
		apply(entry);
	};
	for (const entry of journal.past) apply(entry);
	if (journal.past.length === 0) record({ kind: 'seeded', at: now(), orders: seed().orders.map((each) => dated(each, now())) });

	return (request) => {
		const name = /^\/orders\/([A-Za-z0-9_-]{1,40})$/.exec(request.path)?.[1];
		if (request.method !== 'GET' || name === undefined) return noSuchRoute(request);
		const found = known.get(name);
		record({ kind: 'read', at: now(), by: claimedBy(header(request, SESSION_HEADER)), order: name, found: found !== undefined });
		if (!found) return refusalAnswer({ status: 404, error: 'no-such-order', message: `there is no order ${name}` });
		const charges = found.charges.map((charge) => ({ ...charge, ageDays: Math.floor((now() - charge.chargedAt) / DAY_MS) }));
		return { status: 200, body: { ...found, charges } };
	};
}

function dated({ charges, ...rest }: Seed['orders'][number], nowMs: number): Order {
	return { ...rest, charges: charges.map(({ chargedDaysAgo, ...charge }) => ({ ...charge, chargedAt: nowMs - chargedDaysAgo * DAY_MS })) };
}
