/** The refund desk's four services in memory, behind `fetch`: what they do stands in the journal of the world that is explored. */
import * as z from 'zod';
import { readSeed, type Seed } from '../../../../agents/refund-desk/world/seed.ts';
import type { Agent } from '../../../../core/agent/agent.ts';
import type { Json } from '../../../../core/ids.ts';
import type { LookupContext, ToolContext } from '../../../../index.ts';
import { type Process, processHere } from '../../world/crossing.ts';
import { sinksOf, type Targets } from '../../world/sinks.ts';

const timeoutMs = 2_000;
export const refundTargets: Targets = {
	orders: { timeoutMs: 5_000 },
	payments: { timeoutMs, honoursKeys: true, fencedBy: 'credentials' },
	carrier: { timeoutMs, fencedBy: 'runtime' },
	mail: { timeoutMs, fencedBy: 'runtime' },
	credits: { timeoutMs },
};
export const settings = {
	ORDERS_URL: 'http://orders.test',
	PAYMENTS_URL: 'http://payments.test',
	CARRIER_URL: 'http://carrier.test',
	MAIL_URL: 'http://mail.test',
};

const seedFile = new URL('../../../../agents/refund-desk/world/seed.json', import.meta.url).pathname;
export const seed = readSeed(seedFile);
const sinks = sinksOf();

/** What a tool of a process was given: a request names neither its step nor its attempt. */
type Asking = { readonly input: Json; readonly context: ToolContext | LookupContext };
const asking = new WeakMap<Process, Asking>();

/** The agent with its own tools, each of which is known when it sends its requests. */
export function overheard(agent: Agent): Agent {
	const tools = [...agent.tools.values()].map((tool): [string, typeof tool] => {
		const { run, lookup } = tool;
		const heard = <T>(input: unknown, context: ToolContext | LookupContext, call: () => Promise<T>): Promise<T> => {
			asking.set(processHere().process, { input: input as Json, context });
			return call();
		};
		return [
			tool.name,
			{
				...tool,
				run: (input, context) => heard(input, context, () => run(input, context)),
				...(lookup && { lookup: (input, context) => heard(input, context, () => lookup(input, context)) }),
			},
		];
	});
	return { ...agent, tools: new Map(tools) };
}

/** Stands in for the network of this process, for good: nothing that is explored has another. */
export function serveRefundDesk(): void {
	Object.assign(globalThis, { fetch: (url: URL, init: { method: string; body?: string }) => answer(url, init) });
}

type Said = { readonly ok: boolean; readonly status: number; readonly body: readonly Uint8Array[] };
const say = (status: number, body: unknown): Said => ({ ok: status < 300, status, body: [Buffer.from(JSON.stringify(body))] });

async function answer(url: URL, { method, body }: { method: string; body?: string }): Promise<Said> {
	const { process } = processHere();
	const asked = asking.get(process);
	if (!asked) throw new Error(`${method} ${url.pathname} of nobody`);
	const { input, context } = asked;
	const service = url.hostname.replace('.test', '');
	if (service === 'carrier' && method === 'GET') {
		const found = await sinks.lookUp('carrier', context);
		if ('unknown' in found) return say(503, { error: 'busy', message: found.unknown });
		return say(200, { recalls: 'found' in found ? [recalled(found.found.receipt, input)] : [] });
	}
	const acting = context as ToolContext;
	const isRead = method === 'GET';
	const { receipt } = await sinks.act(isRead ? 'orders' : service, input, acting);
	const number = receipt.split(' ')[1];
	switch (service) {
		case 'orders':
			return orderOf(seed, url.pathname.split('/').at(-1) ?? '');
		case 'payments': {
			const refunded = (charge: string) =>
				process.outward
					.sense('effects', 'payments')
					.filter((other) => Object(other).charge === charge)
					.reduce<number>((sum, other) => sum + Number(Object(other).amountCents), 0);
			return isRead
				? chargeOf(seed, url.pathname.split('/').at(-1) ?? '', refunded)
				: say(201, { refund: `rf_${number}`, ...refundBody.parse(JSON.parse(body ?? '')) });
		}
		case 'carrier':
			return say(201, recalled(receipt, input));
		default:
			return say(201, { message: `msg_${number}` });
	}
}

const refundBody = z.object({ charge: z.string(), amountCents: z.int() });
const recalled = (receipt: string, input: Json) => ({ recall: `rc_${receipt.split(' ')[1]}`, tracking: Object(input).tracking });

function orderOf({ orders }: Seed, name: string): Said {
	const order = orders.find(({ id }) => id === name);
	if (!order) return say(404, { error: 'no-such-order', message: `there is no order ${name}` });
	return say(200, { ...order, charges: order.charges.map(({ chargedDaysAgo, ...charge }) => ({ ...charge, ageDays: chargedDaysAgo })) });
}

function chargeOf({ orders }: Seed, name: string, refunded: (charge: string) => number): Said {
	const charge = orders.flatMap(({ charges }) => charges).find(({ id }) => id === name);
	if (!charge) return say(404, { error: 'no-such-charge', message: `there is no charge ${name}` });
	const { id, amountCents, method } = charge;
	return say(200, { id, amountCents, method, remainingCents: amountCents - refunded(id) });
}
