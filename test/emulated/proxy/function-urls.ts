/**
 * Function URLs with AWS_IAM. The emulator checks signature and permission, and then leaves out of the event who called.
 * So a signed request goes there first; once it has let it in, and our function has refused an event without a caller, the
 * function is invoked with the event that AWS would have made.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { UserIdentity } from './identities.ts';
import type { Asked } from './operation.ts';
import type { Reply, Upstream } from './upstream.ts';

/** `/_aws/lambda-url/<id>/`, as the emulator serves an URL whose host name leads nowhere here. */
const path = /^\/_aws\/lambda-url\/([^/]+)(\/.*)$/;
export const isFunctionUrl = (asked: Asked): boolean => path.test(asked.url.pathname);
export const functionUrlPath = (url: string): string => `/_aws/lambda-url/${new URL(url).hostname.split('.')[0]}/`;

const invoked = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()).default({}), body: z.string().default('') });
export type FunctionUrls = { serve(asked: Asked, caller: UserIdentity): Promise<Reply> };

export function functionUrls(
	account: Upstream,
	functionOf: (urlId: string) => Promise<string>,
	signed: Record<string, string>,
): FunctionUrls {
	return {
		serve: async (asked, caller) => {
			const judged = await account.send(asked);
			// Not let in, or answered by something that is not ours.
			if (judged.status !== 400 || caller.arn === undefined) return judged;
			const [, id = '', rawPath = '/'] = path.exec(asked.url.pathname) ?? [];
			const name = await functionOf(id);
			const body = Buffer.from(JSON.stringify(eventOf(asked, { id, rawPath, caller })));
			const to = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
			const url = new URL(to, 'http://account');
			const answer = await account.send({ method: 'POST', path: to, url, headers: { ...signed, host: 'account' }, body });
			if (answer.headers['x-amz-function-error'] !== undefined) return { status: 502, headers: {}, body: answer.body };
			const said = invoked.parse(JSON.parse(answer.body.toString()));
			return { status: said.statusCode, headers: said.headers, body: Buffer.from(said.body) };
		},
	};
}

function eventOf({ method, url, headers, body }: Asked, { id, rawPath, caller }: { id: string; rawPath: string; caller: UserIdentity }) {
	const now = new Date();
	const { authorization: _signature, 'x-amz-security-token': _token, ...shown } = headers;
	return {
		version: '2.0',
		routeKey: '$default',
		rawPath,
		rawQueryString: url.search.slice(1),
		headers: shown,
		requestContext: {
			accountId: caller.accountId,
			apiId: id,
			authorizer: {
				iam: {
					accessKey: caller.accessKeyId,
					accountId: caller.accountId,
					callerId: caller.principalId,
					cognitoIdentity: null,
					principalOrgId: null,
					userArn: caller.arn,
					userId: caller.principalId,
				},
			},
			domainName: `${id}.lambda-url.on.aws`,
			domainPrefix: id,
			http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: String(headers['user-agent'] ?? '') },
			requestId: randomUUID(),
			routeKey: '$default',
			stage: '$default',
			time: now.toUTCString(),
			timeEpoch: now.getTime(),
		},
		body: body.toString('base64'),
		isBase64Encoded: true,
	};
}
