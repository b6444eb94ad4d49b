/** A service on this machine that answers as a test says: for adapters whose technology is spoken to over HTTP. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Asked = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
export type Answered =
	| { readonly status: number; readonly body?: string | Uint8Array; readonly headers?: Record<string, string> }
	| 'hang-up';

/** Where an SDK's client is to look for the service, with credentials that nobody checks. Ends with its test. */
export async function httpService(answer: (asked: Asked) => Answered) {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { method = '', url = '', headers } = request;
			const answered = answer({ method, path: url, headers, body: Buffer.concat(chunks) });
			if (answered === 'hang-up') request.socket.destroy();
			else response.writeHead(answered.status, answered.headers).end(answered.body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' } };
}
