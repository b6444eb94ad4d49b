/** The database behind the proxy, asked once with what the caller sent. */
import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export type Upstream = { readonly url: URL; readonly agent: Agent };
export type Reply = { readonly status: number; readonly headers: OutgoingHttpHeaders; readonly body: Buffer };

/** Rejects when there is no database, or it ends before it has answered. */
export function sent({ url, agent }: Upstream, { headers, body }: { headers: IncomingHttpHeaders; body: Buffer }): Promise<Reply> {
	const { promise, resolve, reject } = Promise.withResolvers<Reply>();
	const outgoing: OutgoingHttpHeaders = { ...headers, host: url.host, 'content-length': body.length };
	delete outgoing['transfer-encoding'];
	delete outgoing.connection;
	const passed = request({ host: url.hostname, port: url.port, method: 'POST', path: '/', agent, headers: outgoing }, (answer) => {
		const parts: Buffer[] = [];
		answer.on('data', (part) => parts.push(part));
		answer.on('error', reject);
		answer.on('end', () => resolve({ status: answer.statusCode ?? 502, headers: ofReply(answer.headers), body: Buffer.concat(parts) }));
	});
	passed.on('error', reject);
	passed.end(body);
	return promise;
}

/** Its connection is its own affair. */
const ofReply = ({ 'content-type': type, date }: IncomingHttpHeaders): OutgoingHttpHeaders => ({
	...(type && { 'content-type': type }),
	...(date && { date }),
});
