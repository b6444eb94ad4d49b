/** Services that break their word: each stands in front of an honest one, whose journal tells what was really done. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST } from '../../../agents/refund-desk/world/serve.ts';

/** `receipt`: says that it was done, and does nothing. `late`: does it only after `until`, whoever has given up meanwhile. */
export type Lie =
	| { is: 'none' }
	| { is: 'receipt'; body: object }
	| { is: 'refusal' }
	| { is: 'twice' }
	| { is: 'late'; until: Promise<unknown> };
export type Liar = { readonly url: string; close(): Promise<void> };

type Reply = { readonly status: number; readonly text: string };
const REFUSAL: Reply = { status: 422, text: JSON.stringify({ error: 'refused', message: 'nothing was done' }) };

/** `lieAbout` is asked about everything that is posted, as it came. */
export async function startLiar(honest: () => string, lieAbout: (body: string) => Lie): Promise<Liar> {
	const tell = async (message: IncomingMessage): Promise<Reply> => {
		const body = await textOf(message);
		const pass = (): Promise<Reply> => passOn(new URL(message.url ?? '/', honest()), message, body);
		const lie: Lie = message.method === 'POST' ? lieAbout(body) : { is: 'none' };
		switch (lie.is) {
			case 'receipt':
				return { status: 201, text: JSON.stringify(lie.body) };
			case 'refusal':
				await pass();
				return REFUSAL;
			case 'twice':
				await pass();
				return pass();
			case 'late':
				await lie.until;
				return pass();
			case 'none':
				return pass();
		}
	};
	const server = createServer((message, response) => {
		tell(message).then(
			({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text),
			() => response.destroy(),
		);
	});
	await new Promise<void>((listening) => server.listen(0, HOST, listening));
	return {
		url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}

async function textOf(message: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

async function passOn(url: URL, { method = 'GET', headers }: IncomingMessage, body: string): Promise<Reply> {
	const kept = ['content-type', 'idempotency-key', 'x-session-token'].flatMap((name): [string, string][] => {
		const value = headers[name];
		return typeof value === 'string' ? [[name, value]] : [];
	});
	const response = await fetch(url, { method, headers: kept, ...(method === 'POST' && { body }) });
	return { status: response.status, text: await response.text() };
}
