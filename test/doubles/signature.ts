/** Whether a request bears the signature that IAM would ask for: worked out anew, by the rules as AWS writes them down. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Signed = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** The access key that signed for `service`; `undefined` for no signature, or another than this secret makes. */
export function signedBy({ method, path, headers, body }: Signed, secret: string, service: string): string | undefined {
	const found =
		/^AWS4-HMAC-SHA256 Credential=([^/]+)\/((\d+)\/([^/]+)\/([^/]+)\/aws4_request), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
			headers.authorization ?? '',
		);
	const [, accessKeyId = '', scope = '', day = '', region = '', of = '', names = '', signature = ''] = found ?? [];
	if (of !== service || !names.split(';').includes('host')) return undefined;
	const canonicalHeaders = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
	const canonical = [method, path, '', canonicalHeaders.join(''), names, sha256(body)].join('\n');
	const text = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(canonical)].join('\n');
	const key = [region, of, 'aws4_request'].reduce((from, part) => hmac(from, part), hmac(`AWS4${secret}`, day));
	return hmac(key, text).toString('hex') === signature ? accessKeyId : undefined;
}
