/** The parcel carrier. It knows no keys: posting a recall twice makes two. A recall can be found by its reference, after a while. */
import * as z from 'zod';
import type { Journal } from './journal.ts';
import { id, type Seed, shipmentStatus } from './seed.ts';
import { type Answer, header, noSuchRoute, parseBody, type Refusal, type Request, refusalAnswer, type Service } from './serve.ts';
import { type By, by, claimedBy, SESSION_HEADER } from './session.ts';
import type { Call } from './trail.ts';

const RECALLS_FOUND = 20;

const at = z.int().min(0);
const reference = z.string().min(1).max(255);
const recallBody = z.strictObject({ tracking: id, reference });

const recalled = z.strictObject({ kind: z.literal('recalled'), at, by, recall: z.string(), tracking: id, reference });
type Recalled = z.infer<typeof recalled>;
export const carrierLine = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('seeded'), at, shipments: z.array(z.strictObject({ tracking: id, status: shipmentStatus })) }),
	recalled,
	z.strictObject({ kind: z.literal('searched'), at, by, reference, found: z.int() }),
	z.strictObject({ kind: z.literal('refused'), at, by, status: z.int(), error: z.string(), tracking: id.optional() }),
]);
export type CarrierLine = z.infer<typeof carrierLine>;

/** How its trail tells a line. */
export function carrierCall(line: CarrierLine): Call | undefined {
	switch (line.kind) {
		case 'seeded':
			return undefined;
		case 'recalled':
			return { name: 'CreateRecall', readOnly: false, request: { id: line.tracking, reference: line.reference } };
		case 'searched':
			return { name: 'ListRecalls', readOnly: true, request: { reference: line.reference } };
		case 'refused':
			return {
				name: 'CreateRecall',
				readOnly: false,
				request: line.tracking === undefined ? {} : { id: line.tracking },
				error: line.error,
			};
	}
}

export type CarrierOptions = {
	journal: Journal<CarrierLine>;
	now: () => number;
	seed: () => Seed;
	/** A recall is hidden from searches so long. */
	visibleAfterMs: number;
};

export function carrier({ journal, now, seed, visibleAfterMs }: CarrierOptions): Service {
	const shipments = new Map<string, z.infer<typeof shipmentStatus>>();
	const recalls: Recalled[] = [];
	const apply = (line: CarrierLine): void => {
		if (line.kind === 'seeded') for (const shipment of line.shipments) shipments.set(shipment.tracking, shipment.status);
		if (line.kind === 'recalled') recalls.push(line);
	};
	const record = (line: CarrierLine): void => {
		journal.append(line);
		apply(line);
	};
	for (const line of journal.past) apply(line);
	if (journal.past.length === 0) record({ kind: 'seeded', at: now(), shipments: shipmentsOf(seed()) });

	const refuse = (who: By, refusal: Refusal, tracking?: string): Answer => {
		const about = tracking === undefined ? {} : { tracking };
		record({ kind: 'refused', at: now(), by: who, status: refusal.status, error: refusal.error, ...about });
		return refusalAnswer(refusal);
	};

	const recall = (request: Request, who: By): Answer => {
		const body = parseBody(request, recallBody);
		if ('refusal' in body) return refuse(who, body.refusal);
		const { tracking } = body.value;
		const status = shipments.get(tracking);
		if (!status) return refuse(who, { status: 404, error: 'no-such-shipment', message: `there is no shipment ${tracking}` }, tracking);
		if (status === 'delivered') {
			return refuse(who, { status: 422, error: 'delivered', message: `shipment ${tracking} has been delivered` }, tracking);
		}
		const line: Recalled = { kind: 'recalled', at: now(), by: who, recall: `rc_${recalls.length + 1}`, ...body.value };
		record(line);
		return { status: 201, body: shown(line) };
	};

	const search = (request: Request, who: By): Answer => {
		const wanted = reference.safeParse(request.query.get('reference') ?? '');
		if (!wanted.success)
			return refuse(who, { status: 400, error: 'bad-reference', message: 'search with ?reference=, 1 to 255 characters' });
		const found = recalls.filter((line) => line.reference === wanted.data && now() - line.at >= visibleAfterMs).slice(0, RECALLS_FOUND);
		record({ kind: 'searched', at: now(), by: who, reference: wanted.data, found: found.length });
		return { status: 200, body: { recalls: found.map(shown) } };
	};

	return (request) => {
		const who = claimedBy(header(request, SESSION_HEADER));
		if (request.path === '/recalls' && request.method === 'POST') return recall(request, who);
		if (request.path === '/recalls' && request.method === 'GET') return search(request, who);
		return noSuchRoute(request);
	};
}

function shipmentsOf(seed: Seed): { tracking: string; status: z.infer<typeof shipmentStatus> }[] {
	return seed.orders.flatMap(({ shipment }) => (shipment ? [shipment] : []));
}

function shown({ recall, tracking, reference: given, at: recalledAt }: Recalled): Record<string, unknown> {
	return { recall, tracking, reference: given, at: recalledAt };
}
