/**
 * What a request was about: the resources it names, and those of its parameters that tell one call from another. Flattened,
 * first letters made small (a transaction's items come in mixed casing), bounded in number, depth and length.
 */
import * as z from 'zod';
import { type CloudTrailEvent, clean } from './event-shape.ts';

/** Parameters that name a thing or one call. No other parameter is kept: bodies, messages and policies stay where they are. */
const telling = new Set(
	[
		'tableName key keys requestItems operation bucketName queueUrl topicArn targetArn functionName secretId keyId streamName',
		'stateMachineArn name path resource resourceId id reference idempotencyKey clientRequestToken clientToken',
		'idempotencyToken messageDeduplicationId roleArn roleSessionName putRequest deleteRequest',
	].flatMap((line) => line.split(' ')),
);
const FIELDS = 128;
const DEPTH = 8;
const PATH_CHARACTERS = 256;
const VALUE_CHARACTERS = 256;
const RESOURCES = 32;
const RESOURCE_CHARACTERS = 512;

export type Request = { readonly resources: string[]; readonly request: Record<string, string>; readonly cut: boolean };

export function requestOf(event: Pick<CloudTrailEvent, 'requestParameters' | 'resources'>): Request {
	const named = resourcesOf(event.resources);
	const fields: [string, string][] = [];
	const whole = flatten(event.requestParameters, { path: '', depth: 0, within: false, fields });
	return {
		resources: named.arns,
		// A name twice, in two casings: what was sent second is lost, and that is said.
		request: Object.fromEntries(fields),
		cut: !whole || named.cut || new Set(fields.map(([path]) => path)).size < fields.length,
	};
}

const resourceList = z.array(z.unknown());
const resourceShape = z.union([
	z.object({ ARN: z.string().min(1) }).transform(({ ARN }) => ARN),
	z.object({ arn: z.string().min(1) }).transform(({ arn }) => arn),
]);

function resourcesOf(given: unknown): { arns: string[]; cut: boolean } {
	const list = resourceList.safeParse(given);
	if (!list.success) return { arns: [], cut: given !== null && given !== undefined };
	const read = list.data.slice(0, RESOURCES).map((one) => resourceShape.safeParse(one));
	const arns = read.flatMap((one) => (one.success && one.data.length <= RESOURCE_CHARACTERS ? [clean(one.data)] : []));
	return { arns: [...new Set(arns)].sort(), cut: arns.length < list.data.length };
}

type Walk = { readonly path: string; readonly depth: number; readonly within: boolean; readonly fields: [string, string][] };

/** Whether everything that tells was kept. */
function flatten(value: unknown, { path, depth, within, fields }: Walk): boolean {
	if (typeof value !== 'object' || value === null) {
		if (!within || value === null || value === undefined) return true;
		const text = clean(String(value));
		if (fields.length >= FIELDS || text.length > VALUE_CHARACTERS || path.length > PATH_CHARACTERS) return false;
		fields.push([path, text]);
		return true;
	}
	if (depth >= DEPTH) return !within;
	let whole = true;
	for (const [given, inner] of Object.entries(value)) {
		const name = Array.isArray(value) ? given : `${given.charAt(0).toLowerCase()}${given.slice(1)}`;
		// Of a list its items: a name that it holds beside them is none that a request can have.
		const tells = Array.isArray(value) ? /^\d+$/.test(given) : telling.has(name);
		// Below a key stand the attributes that make it up, under names of their own and in their own casing.
		const inKey = /(^|\.)keys?(\.|$)/.test(path);
		if (!tells && !inKey) continue;
		const next = clean(inKey ? given : name);
		whole = flatten(inner, { path: path === '' ? next : `${path}.${next}`, depth: depth + 1, within: true, fields }) && whole;
		if (fields.length >= FIELDS && !whole) break;
	}
	return whole;
}
