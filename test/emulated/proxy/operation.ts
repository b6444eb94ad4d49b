/** Which operation of which service a request asks for, read off it as the service itself would: signature, target, body, path. */
import type { IncomingHttpHeaders } from 'node:http';

export type Operation = {
	/** As CloudTrail's `eventSource` begins: `sts`, `dynamodb`, `states`, `lambda`, `s3`, … */
	readonly service: string;
	readonly name: string;
	readonly region: string;
	/** Who signed. */
	readonly accessKeyId: string | undefined;
	/** What it asks, as far as it is JSON or a form; a path's parts for the rest. */
	readonly input: Readonly<Record<string, unknown>>;
};
export type Asked = {
	readonly method: string;
	/** Path and query as they were sent: what is signed. */
	readonly path: string;
	readonly url: URL;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
};

const signature = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

export function operationOf(asked: Asked): Operation {
	const [, accessKeyId, region = 'us-east-1', signedFor = 'unknown'] = signature.exec(String(asked.headers.authorization)) ?? [];
	const service = signedFor === 'unknown' ? guessed(asked) : signedFor;
	return { service, region, accessKeyId, ...namedBy(asked, service) };
}

type Named = Pick<Operation, 'name' | 'input'>;

function namedBy(asked: Asked, service: string): Named {
	const target = asked.headers['x-amz-target'];
	if (typeof target === 'string') return { name: target.replace(/^.*\./, ''), input: jsonOf(asked.body) };
	const form = formOf(asked);
	if (form.Action !== undefined) return { name: form.Action, input: form };
	const cbor = /\/operation\/(\w+)$/.exec(asked.url.pathname)?.[1];
	if (cbor !== undefined) return { name: cbor, input: {} };
	if (service === 'lambda') return lambdaOperation(asked);
	if (service === 's3') return s3Operation(asked);
	return { name: `${asked.method} ${asked.url.pathname}`, input: {} };
}

const guessed = ({ url }: Asked): string => (/^\/\d{4}-\d\d-\d\d\/functions/.test(url.pathname) ? 'lambda' : 's3');

function formOf({ url, headers, body }: Asked): Record<string, string> {
	const isForm = String(headers['content-type']).startsWith('application/x-www-form-urlencoded');
	return Object.fromEntries([...url.searchParams, ...(isForm ? new URLSearchParams(body.toString()) : [])]);
}

function lambdaOperation({ method, url, headers }: Asked): Named {
	const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
	if (invoked !== undefined)
		return {
			name: 'Invoke',
			input: { functionName: decodeURIComponent(invoked), invocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse' },
		};
	if (url.pathname.startsWith('/_aws/lambda-url/'))
		return { name: 'InvokeFunctionUrl', input: { functionUrl: url.pathname.split('/')[3] } };
	const named = /^\/\d{4}-\d\d-\d\d\/functions\/([^/]+)(?:\/(.+))?$/.exec(url.pathname);
	const verb = { GET: 'Get', POST: 'Create', PUT: 'Update', DELETE: 'Delete' }[method] ?? method;
	return {
		name: `${verb}Function${named?.[2] ? `:${named[2]}` : ''}`,
		input: named?.[1] ? { functionName: decodeURIComponent(named[1]) } : {},
	};
}

/** Path style, as an address that is a number makes every client write it. */
function s3Operation({ method, url, headers }: Asked): Named {
	const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
	const about = [...url.searchParams.keys()].find((name) => subresources.has(name));
	const input = { bucketName: bucket, ...(key && { key }), ...(headers['if-none-match'] && { 'if-none-match': '*' }) };
	if (bucket === '') return { name: 'ListBuckets', input: {} };
	if (key === '') return { name: about ? `${verbs[method]}Bucket${subresources.get(about)}` : (bucketVerbs[method] ?? method), input };
	return { name: about ? `${verbs[method]}Object${subresources.get(about)}` : `${verbs[method] ?? method}Object`, input };
}
const verbs: Record<string, string> = { GET: 'Get', PUT: 'Put', POST: 'Post', DELETE: 'Delete', HEAD: 'Head' };
const bucketVerbs: Record<string, string> = { GET: 'ListObjects', PUT: 'CreateBucket', DELETE: 'DeleteBucket', HEAD: 'HeadBucket' };
const subresources = new Map([
	['policy', 'Policy'],
	['location', 'Location'],
	['encryption', 'Encryption'],
	['versioning', 'Versioning'],
	['tagging', 'Tagging'],
	['retention', 'Retention'],
	['legal-hold', 'LegalHold'],
	['object-lock', 'LockConfiguration'],
	['acl', 'Acl'],
	['lifecycle', 'Lifecycle'],
	['publicAccessBlock', 'PublicAccessBlock'],
]);

export function jsonOf(body: Buffer): Record<string, unknown> {
	try {
		const parsed: unknown = JSON.parse(body.toString());
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
