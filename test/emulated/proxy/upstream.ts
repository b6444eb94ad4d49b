/** MiniStack behind the proxy, asked once with what the caller sent, signature and all. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Asked } from './operation.ts';

export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
export type Upstream = { send(asked: Asked): Promise<Reply>; close(): void };

export function upstream(endpoint: string): Upstream {
	const { hostname, port } = new URL(endpoint);
	const agent = new Agent({ keepAlive: true });
	return {
		send: ({ method, path, headers, body }) => {
			const { promise, resolve, reject } = Promise.withResolvers<Reply>();
			// What a caller of AWS would have spoken: buckets and roles deny what did not come over TLS. The signature covers
			// the caller's own Host, so that stays.
			const outgoing = { ...headers, 'x-forwarded-proto': 'https', 'content-length': String(body.length) };
			delete outgoing['transfer-encoding'];
			delete outgoing.connection;
			delete outgoing.expect;
			const passed = request({ hostname, port, agent, method, path, headers: outgoing }, (answer) => {
				const parts: Buffer[] = [];
				answer.on('data', (part) => parts.push(part)).on('error', reject);
				answer.on('end', () => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) }));
			});
			passed.on('error', reject).end(body);
			return promise;
		},
		close: () => agent.destroy(),
	};
}
