/** One HTTP server on 127.0.0.1 for one service. Everything that arrives is hostile until it is parsed. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as z from 'zod';

export const HOST = '127.0.0.1';
const BODY_BYTES = 65_536;
const REQUEST_MS = 10_000;

export type Request = {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: string;
};
/** `afterMs`: the reply waits so long; what it tells of has been journaled already. */
export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>>; readonly afterMs?: number };
export type Refusal = { readonly status: number; readonly error: string; readonly message: string };
/** Synchronous on purpose: a request is decided, journaled and applied before the next one is looked at. */
export type Service = (request: Request) => Answer;

/** Listens; answers the port. Rejects with the system's error, `EADDRINUSE` among others. */
export function listen(service: Service, { name, port }: { name: string; port: number }): Promise<{ server: Server; port: number }> {
	const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (message, response) => {
		answer(service, name, message).then(
			(given) => setTimeout(() => reply(response, given), given.afterMs ?? 0),
			// The caller went away while it was still sending: nothing was decided, and nobody is left to tell.
			() => response.destroy(),
		);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, HOST, () => {
			const address = server.address();
			resolve({ server, port: typeof address === 'object' && address ? address.port : port });
		});
	});
}

export function refusalAnswer({ status, error, message }: Refusal): Answer {
	return { status, body: { error, message } };
}

export function noSuchRoute({ method, path }: Request): Answer {
	return refusalAnswer({ status: 404, error: 'no-such-route', message: `there is no ${method} ${path} here` });
}

/** One header's only value. */
export function header(request: Request, name: string): string | undefined {
	const value = request.headers[name];
	return typeof value === 'string' ? value : undefined;
}

export function parseBody<S extends z.ZodType>(request: Request, schema: S): { value: z.infer<S> } | { refusal: Refusal } {
	const type = header(request, 'content-type') ?? '';
	// Demanding JSON also keeps web pages out: a browser asks first before it sends this type elsewhere.
	if (!/^application\/json\b/i.test(type)) {
		return { refusal: { status: 415, error: 'not-json', message: `content-type is ${JSON.stringify(type)}; send application/json` } };
	}
	let json: unknown;
	try {
		json = JSON.parse(request.body);
	} catch {
		return { refusal: { status: 400, error: 'bad-json', message: 'the body is not JSON' } };
	}
	const parsed = schema.safeParse(json);
	if (parsed.success) return { value: parsed.data };
	return { refusal: { status: 400, error: 'bad-body', message: z.prettifyError(parsed.error).slice(0, 500) } };
}

async function answer(service: Service, name: string, message: IncomingMessage): Promise<Answer> {
	// A name that resolves to 127.0.0.1 is how a web page would reach in.
	if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(message.headers.host ?? '')) {
		return refusalAnswer({ status: 421, error: 'wrong-host', message: `this is ${HOST}` });
	}
	const body = await readBody(message);
	if (body === undefined) {
		return refusalAnswer({ status: 413, error: 'too-large', message: `a body has at most ${BODY_BYTES} bytes` });
	}
	const url = URL.parse(message.url ?? '/', `http://${HOST}`);
	if (!url) return refusalAnswer({ status: 400, error: 'bad-url', message: 'the URL cannot be read' });
	const request: Request = {
		method: message.method ?? 'GET',
		path: url.pathname,
		query: url.searchParams,
		headers: message.headers,
		body,
	};
	if (request.path === '/health') return { status: 200, body: { service: name, pid: process.pid } };
	return decideOrDie(service, request);
}

/** A service that throws could not write its journal: its memory can no longer be trusted, and a restart reads the file. */
function decideOrDie(service: Service, request: Request): Answer {
	try {
		return service(request);
	} catch (error) {
		console.error(error);
		process.exit(1);
	}
}

/** `undefined` when it is larger than allowed. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	// Left open when we stop reading, or the refusal could not be sent.
	for await (const chunk of message.iterator({ destroyOnReturn: false })) {
		sizeBytes += chunk.length;
		if (sizeBytes > BODY_BYTES) {
			message.resume();
			return undefined;
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, { status, body }: Answer): void {
	if (response.destroyed) return;
	// The rest of a body that was too large is thrown away, for REQUEST_MS at most.
	if (status === 413) response.setHeader('connection', 'close');
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(JSON.stringify(body));
}
