/**
 * The payment service. It honours an idempotency key for a stated time, never refunds more than is left of a charge, and
 * refuses a session that is forged or has ended: that is what `fencedBy: 'credentials'` rests on.
 */
import { createHash, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from './journal.ts';
import { cents, id, method, type Seed } from './seed.ts';
import { type Answer, header, noSuchRoute, parseBody, type Refusal, type Request, refusalAnswer, type Service } from './serve.ts';
import { type By, by, SESSION_HEADER, verifySession } from './session.ts';
import type { Call } from './trail.ts';

const at = z.int().min(0);
const key = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'an idempotency key is 1 to 255 visible ASCII characters');
const refundBody = z.strictObject({ charge: id, amountCents: cents.min(1), reason: z.string().max(500) });
type RefundBody = z.infer<typeof refundBody>;

const refunded = z.strictObject({
	kind: z.literal('refunded'),
	at,
	by,
	refund: z.string(),
	charge: id,
	amountCents: cents,
	key: key.nullable(),
	bodyDigest: z.string(),
});
type Refunded = z.infer<typeof refunded>;
export const paymentsLine = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('seeded'), at, charges: z.array(z.strictObject({ id, amountCents: cents, method })) }),
	z.strictObject({ kind: z.literal('read'), at, by, charge: id, found: z.boolean() }),
	refunded,
	/** The recorded refund, told again under its key: no money moved. */
	z.strictObject({ kind: z.literal('replayed'), at, by, refund: z.string(), charge: id, amountCents: cents, key }),
	z.strictObject({
		kind: z.literal('refused'),
		at,
		by,
		status: z.int(),
		error: z.string(),
		charge: id.optional(),
		amountCents: cents.optional(),
		key: key.optional(),
	}),
]);
export type PaymentsLine = z.infer<typeof paymentsLine>;

/** How its trail tells a line. A refund told again is a call like the first, under the same key. */
export function paymentsCall(line: PaymentsLine): Call | undefined {
	switch (line.kind) {
		case 'seeded':
			return undefined;
		case 'read':
			return { name: 'GetCharge', readOnly: true, request: { id: line.charge }, ...(!line.found && { error: 'no-such-charge' }) };
		case 'refunded':
		case 'replayed':
			return {
				name: 'CreateRefund',
				readOnly: false,
				request: { id: line.charge, ...(line.key !== null && { idempotencyKey: line.key }) },
			};
		case 'refused': {
			const about = { ...(line.charge !== undefined && { id: line.charge }), ...(line.key !== undefined && { idempotencyKey: line.key }) };
			// Whoever was turned away at the door has not said yet what for.
			return { name: line.charge === undefined ? 'Refused' : 'CreateRefund', readOnly: false, request: about, error: line.error };
		}
	}
}

export type PaymentsOptions = {
	journal: Journal<PaymentsLine>;
	now: () => number;
	seed: () => Seed;
	/** A key is honoured so long, counted from its refund. */
	keyLifeMs: number;
	issuerKey: () => KeyObject | undefined;
};

export function payments({ journal, now, seed, keyLifeMs, issuerKey }: PaymentsOptions): Service {
	const state = emptyState();
	const record = (line: PaymentsLine): void => {
		journal.append(line);
		apply(state, line);
	};
	for (const line of journal.past) apply(state, line);
	if (journal.past.length === 0) record({ kind: 'seeded', at: now(), charges: chargesOf(seed()) });

	const refuse = (who: By, refusal: Refusal, about: { charge?: string; amountCents?: number; key?: string } = {}): Answer => {
		record({ kind: 'refused', at: now(), by: who, status: refusal.status, error: refusal.error, ...about });
		return refusalAnswer(refusal);
	};

	const readCharge = (name: string, who: By): Answer => {
		const charge = state.charges.get(name);
		record({ kind: 'read', at: now(), by: who, charge: name, found: charge !== undefined });
		return charge ? { status: 200, body: { id: name, ...charge, remainingCents: remaining(charge) } } : refusalAnswer(noCharge(name));
	};

	const refund = (request: Request, who: By): Answer => {
		const sentKey = key.optional().safeParse(header(request, 'idempotency-key'));
		if (!sentKey.success) return refuse(who, { status: 400, error: 'bad-key', message: sentKey.error.issues[0]?.message ?? 'bad key' });
		const body = parseBody(request, refundBody);
		const keyed = sentKey.data === undefined ? {} : { key: sentKey.data };
		if ('refusal' in body) return refuse(who, body.refusal, keyed);
		const { charge, amountCents } = body.value;
		const about = { charge, amountCents, ...keyed };
		const earlier = sentKey.data === undefined ? undefined : state.keys.get(sentKey.data);
		if (earlier?.key && now() - earlier.at < keyLifeMs) {
			if (earlier.bodyDigest !== digestOf(body.value)) return refuse(who, keyTaken(earlier.key), about);
			record({ kind: 'replayed', at: now(), by: who, refund: earlier.refund, charge, amountCents, key: earlier.key });
			return { status: 200, body: receipt(earlier) };
		}
		const refusal = cannotRefund(state, body.value);
		if (refusal) return refuse(who, refusal, about);
		const line: Refunded = {
			kind: 'refunded',
			at: now(),
			by: who,
			refund: `re_${state.refunds + 1}`,
			charge,
			amountCents,
			key: sentKey.data ?? null,
			bodyDigest: digestOf(body.value),
		};
		record(line);
		return { status: 201, body: receipt(line) };
	};

	return (request) => {
		const charge = request.method === 'GET' ? /^\/charges\/([A-Za-z0-9_-]{1,40})$/.exec(request.path)?.[1] : undefined;
		if (charge === undefined && !(request.method === 'POST' && request.path === '/refunds')) return noSuchRoute(request);
		const issuer = issuerKey();
		if (!issuer) return refuse(null, noIssuerKey);
		const session = verifySession(header(request, SESSION_HEADER), { key: issuer, nowMs: now() });
		if (session.is !== 'valid') return refuse(session.by, badSession(session.is));
		return charge === undefined ? refund(request, session.by) : readCharge(charge, session.by);
	};
}

type Charge = { amountCents: number; refundedCents: number; method: z.infer<typeof method> };
type State = { charges: Map<string, Charge>; keys: Map<string, Refunded>; refunds: number };

function emptyState(): State {
	return { charges: new Map(), keys: new Map(), refunds: 0 };
}

function apply(state: State, line: PaymentsLine): void {
	if (line.kind === 'seeded') {
		for (const { id: name, ...charge } of line.charges) state.charges.set(name, { ...charge, refundedCents: 0 });
	} else if (line.kind === 'refunded') {
		const charge = state.charges.get(line.charge);
		if (charge) charge.refundedCents += line.amountCents;
		if (line.key !== null) state.keys.set(line.key, line);
		state.refunds += 1;
	}
}

function chargesOf(seed: Seed): { id: string; amountCents: number; method: Charge['method'] }[] {
	return seed.orders.flatMap((order) =>
		order.charges.map((charge) => ({ id: charge.id, amountCents: charge.amountCents, method: charge.method })),
	);
}

function remaining(charge: Charge): number {
	return charge.amountCents - charge.refundedCents;
}

function receipt({ refund, charge, amountCents, at: refundedAt }: Refunded): Answer['body'] {
	return { refund, charge, amountCents, at: refundedAt };
}

/** The parsed body, whose order of fields is the schema's. */
function digestOf(body: RefundBody): string {
	return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

function cannotRefund(state: State, { charge: name, amountCents }: RefundBody): Refusal | undefined {
	const charge = state.charges.get(name);
	if (!charge) return noCharge(name);
	if (amountCents <= remaining(charge)) return undefined;
	return {
		status: 422,
		error: 'above-remaining',
		message: `${amountCents} cents is more than the ${remaining(charge)} cents left of charge ${name}`,
	};
}

function noCharge(name: string): Refusal {
	return { status: 404, error: 'no-such-charge', message: `there is no charge ${name}` };
}

function keyTaken(taken: string): Refusal {
	return { status: 422, error: 'key-reused', message: `idempotency key ${taken} was used with another body` };
}

/** A 5xx: the caller is to come back, not to conclude anything. */
const noIssuerKey: Refusal = {
	status: 503,
	error: 'no-issuer-key',
	message: "the issuer's public key is not there yet; start the world with --issuer-public-key FILE",
};

function badSession(is: 'missing' | 'malformed' | 'forged' | 'expired'): Refusal {
	return { status: is === 'missing' ? 401 : 403, error: `session-${is}`, message: `the session token is ${is}` };
}
