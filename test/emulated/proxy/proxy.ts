/**
 * In front of the emulated account: everything that CDK, functions and tests ask of AWS goes through here. It records each
 * call as CloudTrail would, knows whose session signed it, and loses, delays, refuses or holds what a test tells it to.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inXml, refusalIn } from './answers.ts';
import { functionUrls, isFunctionUrl } from './function-urls.ts';
import { type Identities, identities, type UserIdentity } from './identities.ts';
import { type Doing, type Interference, interference } from './interference.ts';
import { logGroups } from './log-groups.ts';
import { type Asked, type Operation, operationOf } from './operation.ts';
import { keptOf, sessionIssued } from './parameters.ts';
import { eventOf, type Recording } from './recording.ts';
import { type DeliveryOptions, type TrailDelivery, trailDelivery } from './trail-delivery.ts';
import { type Reply, type Upstream, upstream } from './upstream.ts';

export type RecordingProxy = {
	readonly endpoint: string;
	readonly identities: Identities;
	readonly interference: Interference;
	readonly trail: TrailDelivery;
	/** Where the account is: told once it is up, since its functions are told of the proxy first. */
	leadTo(account: string): void;
	close(): Promise<void>;
};
export type ProxyOptions = Omit<DeliveryOptions, 'logs'> & { readonly recording: Recording; readonly port?: number };

export async function recordingProxy({ accountId, recording, port, ...delivering }: ProxyOptions): Promise<RecordingProxy> {
	const known = identities(accountId);
	const rules = interference();
	const keys = new Map<string, readonly string[]>();
	let account: Upstream | undefined;
	const to = (): Upstream => {
		if (!account) throw new Error('the account is not up yet');
		return account;
	};
	const rooted = (service: string) => ({
		authorization: `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/eu-central-1/${service}/aws4_request`,
	});

	const trail = trailDelivery({ ...delivering, accountId, logs: logGroups(to, rooted('logs')) });

	const functionOf = async (id: string): Promise<string> => {
		const names = await listed(to(), rooted('lambda'));
		for (const { FunctionName: name } of names) {
			const path = `/2021-10-31/functions/${encodeURIComponent(name)}/url`;
			const found = await to().send({
				method: 'GET',
				path,
				url: new URL(path, 'http://account'),
				headers: rooted('lambda'),
				body: Buffer.alloc(0),
			});
			if (found.body.includes(`//${id}.`)) return name;
		}
		throw new Error(`no function has the URL ${id}`);
	};
	const urls = functionUrls({ send: (asked) => to().send(asked), close: () => {} }, functionOf, rooted('lambda'));

	const learn = async (operation: Operation, reply: Reply): Promise<void> => {
		if (operation.name === 'CreateAccessKey' && reply.status === 200) {
			const text = reply.body.toString();
			known.madeUser({ accessKeyId: inXml(text, 'AccessKeyId') ?? '', userName: inXml(text, 'UserName') ?? '' });
		}
		for (const table of operation.service === 'dynamodb' ? tablesIn(operation.input) : []) {
			if (!keys.has(table)) keys.set(table, await keyAttributes(to(), { table, region: operation.region, headers: rooted('dynamodb') }));
		}
	};

	const passOn = async (asked: Asked, operation: Operation, caller: UserIdentity): Promise<Reply> => {
		const at = Date.now();
		const isUrl = isFunctionUrl(asked);
		const reply = isUrl ? await urls.serve(asked, caller) : await to().send(asked);
		const session = operation.name === 'AssumeRole' ? sessionIssued(operation, reply) : undefined;
		if (session) known.issued(session);
		await learn(operation, reply);
		const kept = keptOf(operation, { accountId, keyOf: (table) => keys.get(table) ?? [], session, reply });
		const requestId = reply.headers['x-amzn-requestid'] ?? reply.headers['x-amz-request-id'];
		const refusal = isUrl && reply.status !== 403 ? undefined : refusalIn(reply);
		const userAgent = String(asked.headers['user-agent'] ?? '');
		const event = eventOf({
			operation,
			caller,
			kept,
			refusal,
			accountId,
			userAgent,
			requestId: requestId === undefined ? undefined : String(requestId),
			at,
		});
		recording.add(event);
		trail.take(event, operation, refusal === undefined);
		return reply;
	};

	const meet = async (asked: Asked, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
		const operation = operationOf(asked);
		const caller = await callerOf(operation);
		const met = rules.about(operation, caller, asked.body);
		// Of this call's answer, not of its connection: that serves many calls.
		const hungUp = new Promise((resolve) => outgoing.once('close', resolve));
		if (met && isBefore(met.what)) await met.passed(hungUp);
		// Whoever sent it was killed meanwhile: it never got further than here.
		if (met && incoming.socket.destroyed) return;
		if (met?.what.is === 'drop' && met.what.when === 'before') return void incoming.socket.destroy();
		if (met?.what.is === 'fail') return answer(outgoing, refused(met.what));
		const reply = await passOn(asked, operation, caller);
		if (met && !isBefore(met.what)) await met.passed(hungUp);
		if (met?.what.is === 'drop') return void incoming.socket.destroy();
		answer(outgoing, reply);
	};

	/** A function deployed since is known by what the account lists. */
	const callerOf = async ({ accessKeyId }: Operation): Promise<UserIdentity> => {
		const caller = known.of(accessKeyId);
		if (caller.type !== 'Unknown' || accessKeyId === undefined) return caller;
		known.deployed((await listed(to(), rooted('lambda'))).map(({ FunctionArn: arn, Role: role }) => ({ arn, role })));
		return known.of(accessKeyId);
	};

	const server = createServer((incoming, outgoing) => {
		const parts: Buffer[] = [];
		incoming.on('data', (part) => parts.push(part)).on('error', () => {});
		incoming.on('end', () => {
			const path = incoming.url ?? '/';
			const asked = {
				method: incoming.method ?? 'GET',
				path,
				url: new URL(path, 'http://account'),
				headers: incoming.headers,
				body: Buffer.concat(parts),
			};
			// The account went, or the caller did: nobody is told anything.
			meet(asked, incoming, outgoing).catch(() => incoming.socket.destroy());
		});
	});
	const endpoint = await listening(server, port ?? 0);
	return {
		endpoint,
		identities: known,
		interference: rules,
		trail,
		leadTo: (given) => {
			account = upstream(given);
		},
		close: async () => {
			rules.liftAll();
			await trail.close();
			server.close();
			server.closeAllConnections();
			account?.close();
			await recording.close();
		},
	};
}

const isBefore = (what: Doing): boolean => what.is === 'delay' || (what.is === 'hold' && what.when === 'before');

const refused = ({ status, code }: Extract<Doing, { is: 'fail' }>): Reply => ({
	status,
	headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
	body: Buffer.from(JSON.stringify({ __type: code, message: 'refused by the proxy' })),
});

function answer(outgoing: ServerResponse, { status, headers, body }: Reply): void {
	const { connection: _own, 'transfer-encoding': _whole, 'keep-alive': _alive, ...rest } = headers;
	outgoing.writeHead(status, rest).end(body);
}

async function listening(server: Server, port: number): Promise<string> {
	server.listen(port, '127.0.0.1');
	await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the proxy got no port');
	return `http://127.0.0.1:${address.port}`;
}

const tablesIn = (input: Operation['input']): string[] => {
	const text = JSON.stringify(input);
	return [...text.matchAll(/"TableName":"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
};

type Listed = { readonly FunctionName: string; readonly FunctionArn: string; readonly Role: string };

async function listed(account: Upstream, headers: Record<string, string>): Promise<Listed[]> {
	const path = '/2015-03-31/functions/?MaxItems=500';
	const reply = await account.send({ method: 'GET', path, url: new URL(path, 'http://account'), headers, body: Buffer.alloc(0) });
	const parsed = JSON.parse(reply.body.toString()) as { Functions?: Listed[] };
	return parsed.Functions ?? [];
}

type Describing = { readonly table: string; readonly region: string; readonly headers: Record<string, string> };

async function keyAttributes(account: Upstream, { table, headers }: Describing): Promise<string[]> {
	const asks = { ...headers, 'x-amz-target': 'DynamoDB_20120810.DescribeTable', 'content-type': 'application/x-amz-json-1.0' };
	const body = Buffer.from(JSON.stringify({ TableName: table }));
	const reply = await account.send({ method: 'POST', path: '/', url: new URL('http://account/'), headers: asks, body });
	const parsed = JSON.parse(reply.body.toString()) as { Table?: { KeySchema?: { AttributeName: string }[] } };
	return (parsed.Table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName);
}
