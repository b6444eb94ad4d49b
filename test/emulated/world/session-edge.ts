/**
 * In front of the outside world. Its services read who calls off the session token, as the embedded issuer writes it; a token
 * of STS says nothing to anybody but AWS. So each request's token is looked up among the sessions that STS issued, and handed on
 * as one that the services can verify: same session, same end. A token that STS never issued goes on as it came, and is forged.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { SESSION_HEADER } from '../../../agents/refund-desk/world/session.ts';
import type { IssuedSession } from '../proxy/identities.ts';

export type SessionEdge = { readonly url: string; close(): void };
export type SessionOf = (token: string) => IssuedSession | undefined;

/** The key that the services verify with goes to `publicKeyFile`; the other half never leaves this process. */
export function sessionSigner(publicKeyFile: string): (session: IssuedSession) => string {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	writeFileSync(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
	return (session) => tokenOf(session, privateKey);
}

export async function sessionEdge(
	service: string,
	{ sessionOf, signed }: { sessionOf: SessionOf; signed: (session: IssuedSession) => string },
): Promise<SessionEdge> {
	const to = new URL(service);
	const translated = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
		const token = headers[SESSION_HEADER];
		const session = typeof token === 'string' ? sessionOf(token) : undefined;
		return session ? { ...headers, [SESSION_HEADER]: signed(session) } : headers;
	};
	const server = createServer((incoming, outgoing) => {
		const passed = request(
			{ hostname: to.hostname, port: to.port, method: incoming.method, path: incoming.url, headers: translated(incoming.headers) },
			(answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			},
		);
		passed.on('error', () => incoming.socket.destroy());
		incoming.pipe(passed);
	});
	return { url: await listening(server), close: () => void server.close().closeAllConnections() };
}

async function listening(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the edge got no port');
	return `http://127.0.0.1:${address.port}`;
}

/** Of a session that was assumed without one. */
const NO_POLICY = JSON.stringify({ Statement: [] });

function tokenOf(session: IssuedSession, key: KeyObject): string {
	const claims = {
		accessKeyId: session.accessKeyId,
		role: session.roleArn,
		sessionName: session.arn.replace(/^.*\//, ''),
		sourceIdentity: session.sourceIdentity ?? '',
		tags: session.tags,
		policy: session.policy ?? NO_POLICY,
		expiresAt: session.expiresAt,
		issuedAt: session.issuedAt,
	};
	const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
	return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}
