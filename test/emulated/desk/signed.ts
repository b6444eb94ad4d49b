/** A request signed with Signature Version 4, for what no client library sends: function URLs, and IAM's forms. */
import { createHash, createHmac } from 'node:crypto';

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
export type Signing = { readonly keys: Keys; readonly service: string; readonly region: string };

/** `target` names the operation, where the protocol wants it in a header. */
export type Sent = { readonly body: string; readonly type: string; readonly target?: string };

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** POSTs `body`. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
export function signedPost(url: URL, { body, type, target }: Sent, { keys, service, region }: Signing): Promise<Response> {
	const time = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
	const token = keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken };
	const targeted = target === undefined ? {} : { 'x-amz-target': target };
	const headers: Record<string, string> = { 'content-type': type, host: url.host, 'x-amz-date': time, ...token, ...targeted };
	const names = Object.keys(headers).toSorted();
	const canonical = ['POST', url.pathname, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), digest(body)].join(
		'\n',
	);
	const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
	const key = [time.slice(0, 8), region, service, 'aws4_request'].reduce<string | Buffer>(
		(from, part) => mac(from, part),
		`AWS4${keys.secretAccessKey}`,
	);
	const signature = mac(key, ['AWS4-HMAC-SHA256', time, scope, digest(canonical)].join('\n')).toString('hex');
	const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
	const { host: _host, ...sent } = headers;
	return fetch(url, { method: 'POST', headers: { ...sent, authorization }, body });
}
