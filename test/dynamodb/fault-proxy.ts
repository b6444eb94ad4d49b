/**
 * A proxy in front of DynamoDB that breaks requests as it is told, knowing what each one asks for. A fault counts as fired
 * once it has taken effect: the database had answered when the reply was dropped, another request had gone by when a late one arrived.
 */
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { errorReply, type Fault, kindOf, type Target, throttlingReply } from './faults.ts';
import { lateArrivals } from './late-arrivals.ts';
import type { FaultsFired } from './report.ts';
import { type Reply, sent } from './upstream.ts';

export type ProxiedRequest = { readonly n: number; readonly target: Target; readonly body: { readonly [name: string]: unknown } };
/** Asked once for every request, `n` counting from 1. */
export type FaultPlan = (request: ProxiedRequest) => Fault;
export type FaultProxy = {
	readonly endpoint: string;
	/** Every request that arrived, in order. */
	readonly requests: readonly ProxiedRequest[];
	readonly fired: FaultsFired;
	/** Requests that found no database. One that had it, and lost it before the answer, is a fault that fired. */
	unreachable(): number;
	/** Lets late requests arrive now, and waits until nothing is under way. */
	drain(): Promise<void>;
	close(): Promise<void>;
};

/** What counts as fired when the database ends with a request in its hands. */
export const CUT_OFF = 'cut off by the end of the database';
export const pass: Fault = { is: 'pass' };
type Exchange = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse; readonly bytes: Buffer };

/** Asked after the database said yes to a request, and before its caller hears of it. When it rejects, the caller never does. */
export type Confirm = (request: ProxiedRequest) => Promise<void>;

export async function faultProxy(database: string, plan: FaultPlan = () => pass, confirm?: Confirm): Promise<FaultProxy> {
	const upstream = { url: new URL(database), agent: new Agent({ keepAlive: true }) };
	const fired: FaultsFired = {};
	const late = lateArrivals();
	let unreachable = 0;

	const count = countingIn(fired);
	const passOn = async ({ headers }: IncomingMessage, body: Buffer): Promise<Reply> => {
		const wentBy = late.passing();
		const reply = await sent(upstream, { headers, body });
		wentBy();
		return reply;
	};

	const meet = async (request: ProxiedRequest, { incoming, outgoing, bytes }: Exchange): Promise<void> => {
		const fault = plan(request);
		const answer = (reply: Reply): void => void outgoing.writeHead(reply.status, reply.headers).end(reply.body);
		const hangUp = (): void => void incoming.socket.destroy();
		if (fault.is === 'pass') {
			const reply = await passOn(incoming, bytes);
			if (reply.status === 200) await confirm?.(request);
			return answer(reply);
		}
		if (fault.is === 'late') {
			if (fault.caller === 'gave-up') hangUp();
			const { reply, wentBy } = await late.arrive(fault, () => passOn(incoming, bytes));
			if (wentBy > 0) count(fault, request.target);
			return fault.caller === 'waits' ? answer(reply) : undefined;
		}
		if (fault.is === 'duplicated') {
			const first = await passOn(incoming, bytes);
			const second = await passOn(incoming, fault.token === 'forgotten' ? withAnotherToken(request) : bytes);
			count(fault, request.target);
			return answer(fault.answer === 'first' ? first : second);
		}
		if (fault.is === 'delayed') await setTimeout(fault.ms);
		const reply = isPassedOn(fault) ? await passOn(incoming, bytes) : undefined;
		count(fault, request.target);
		const told = toldOf(fault, request, reply);
		return told ? answer(told) : hangUp();
	};

	const unanswered = (error: NodeJS.ErrnoException, request: ProxiedRequest): void => {
		if (error.code === 'ECONNREFUSED') unreachable += 1;
		else count(CUT_OFF, request.target);
	};
	const { server, requests, idle } = receiving((request, exchange) =>
		meet(request, exchange).catch((error) => {
			unanswered(error, request);
			exchange.incoming.socket.destroy();
		}),
	);
	const endpoint = await listening(server);
	const drain = () => idle(late.releaseAll);
	return {
		endpoint,
		requests,
		fired,
		unreachable: () => unreachable,
		drain,
		close: async () => {
			await drain();
			server.close();
			server.closeAllConnections();
			upstream.agent.destroy();
		},
	};
}

/** Hands on each request once it is whole. */
function receiving(handle: (request: ProxiedRequest, exchange: Exchange) => Promise<void>) {
	const requests: ProxiedRequest[] = [];
	const underWay = new Set<Promise<void>>();
	const server = createServer((incoming, outgoing) => {
		const parts: Buffer[] = [];
		incoming.on('data', (part) => parts.push(part));
		incoming.on('end', () => {
			const bytes = Buffer.concat(parts);
			const request = requestOf(requests.length + 1, incoming, bytes);
			requests.push(request);
			const handled = handle(request, { incoming, outgoing, bytes });
			underWay.add(handled);
			void handled.finally(() => underWay.delete(handled));
		});
	});
	const idle = async (hurry: () => void): Promise<void> => {
		for (; underWay.size > 0; await Promise.all([...underWay])) hurry();
	};
	return { server, requests, idle };
}

const countingIn =
	(fired: FaultsFired) =>
	(fault: Fault | typeof CUT_OFF, target: Target): void => {
		const kind = fault === CUT_OFF ? CUT_OFF : kindOf(fault);
		const of = fired[kind] ?? {};
		fired[kind] = of;
		of[target] = (of[target] ?? 0) + 1;
	};

async function listening(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the proxy got no port');
	return `http://127.0.0.1:${address.port}`;
}

function requestOf(n: number, { headers }: IncomingMessage, bytes: Buffer): ProxiedRequest {
	const target = String(headers['x-amz-target']).replace(/^.*\./, '');
	return { n, target, body: JSON.parse(bytes.toString() || '{}') };
}

/** What the caller hears of a broken request, if anything. */
function toldOf(fault: Fault, { body }: ProxiedRequest, reply: Reply | undefined): Reply | undefined {
	if (fault.is === 'request-lost' || fault.is === 'reply-lost') return undefined;
	if (fault.is === 'throttled') return throttlingReply(fault.as, body);
	return fault.is === 'delayed' && reply ? reply : errorReply(500, 'InternalServerError');
}

const isPassedOn = ({ is }: Fault): boolean => is === 'reply-lost' || is === 'failed-after' || is === 'delayed';

const withAnotherToken = ({ n, body }: ProxiedRequest): Buffer =>
	Buffer.from(JSON.stringify({ ...body, ClientRequestToken: `another-token-${n}` }));
