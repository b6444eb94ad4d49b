/**
 * Log files and signed digests as CloudTrail delivers them, made by hand: the keys are generated here, so nothing in them was
 * ever signed by AWS. The string that is signed is written out anew, apart from the code under test.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gunzipSync as gunzipped, gzipSync } from 'node:zlib';
import type { TrailKey, TrailObject } from '../../core/audit/digest.ts';
import type { TrailFiles } from '../../core/audit/trail-ports.ts';

export const HOUR = 3_600_000;
export const start = Date.parse('2026-11-20T08:00:00Z');
export const scope = { bucket: 'trail-bucket', account: '111122223333', region: 'eu-west-1', trail: 'throughline' };
export const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const trailKey = (publicKey: KeyObject, fingerprint = 'made-for-tests'): TrailKey => ({
	fingerprint,
	der: publicKey.export({ type: 'pkcs1', format: 'der' }),
	validFromMs: start - 24 * HOUR,
	validToMs: start + 48 * HOUR,
});

export type Digest = { object: TrailObject; content: Record<string, unknown>; signature: string };
export type Previous = Pick<Digest, 'object' | 'content' | 'signature'>;

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}/, '');
const compact = (ms: number): string => iso(ms).replace(/[-:]/g, '');
const day = (ms: number): string => iso(ms).slice(0, 10).replaceAll('-', '/');
const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export const digestKey = (
	endMs: number,
	{ backfill = false, region = scope.region, trail = scope.trail, account = scope.account } = {},
): string =>
	`AWSLogs/${account}/CloudTrail-Digest/${region}/${day(endMs)}/${account}_CloudTrail-Digest_${region}_${trail}_eu-west-1_${compact(endMs)}${backfill ? '_backfill' : ''}.json.gz`;

export function logFile(atMs: number, records: readonly unknown[], name = 'nvEnaXpZ'): TrailObject {
	const key = `AWSLogs/${scope.account}/CloudTrail/${scope.region}/${day(atMs)}/${scope.account}_CloudTrail_${scope.region}_${compact(atMs).replace(/\d\dZ$/, 'Z')}_${name}.json.gz`;
	return { bucket: scope.bucket, key, bytes: gzipSync(text({ Records: records })) };
}

/** Signs what `content` says, as CloudTrail would. */
export function signed(content: Record<string, unknown>, { key = pair.privateKey, at }: { key?: KeyObject; at?: string } = {}): Digest {
	const inflated = text(content);
	const string = `${content.digestEndTime}\n${content.digestS3Bucket}/${content.digestS3Object}\n${hex(inflated)}\n${content.previousDigestSignature ?? 'null'}`;
	const signature = sign('sha256', Buffer.from(string), key).toString('hex');
	const object = {
		bucket: String(content.digestS3Bucket),
		key: at ?? String(content.digestS3Object),
		bytes: gzipSync(inflated),
		signature,
	};
	return { object, content, signature };
}

/** What a digest of the hour that ends at `endMs` says. */
export function content(
	endMs: number,
	{
		previous,
		logs = [],
		backfill = false,
		...named
	}: {
		previous?: Previous | undefined;
		logs?: readonly TrailObject[];
		backfill?: boolean;
		region?: string;
		trail?: string;
		account?: string;
	},
): Record<string, unknown> {
	const inflated = previous && text(previous.content);
	return {
		awsAccountId: named.account ?? scope.account,
		digestStartTime: iso(endMs - HOUR),
		digestEndTime: iso(endMs),
		digestS3Bucket: scope.bucket,
		digestS3Object: digestKey(endMs, { backfill, ...named }),
		digestPublicKeyFingerprint: 'made-for-tests',
		digestSignatureAlgorithm: 'SHA256withRSA',
		newestEventTime: iso(endMs - 1_000),
		oldestEventTime: iso(endMs - HOUR),
		previousDigestS3Bucket: previous ? scope.bucket : null,
		previousDigestS3Object: previous?.object.key ?? null,
		previousDigestHashValue: inflated ? hex(inflated) : null,
		previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
		previousDigestSignature: previous?.signature ?? null,
		logFiles: logs.map(({ bucket, key, bytes }) => ({
			s3Bucket: bucket,
			s3Object: key,
			hashValue: hex(gunzipped(bytes)),
			hashAlgorithm: 'SHA-256',
			newestEventTime: iso(endMs),
			oldestEventTime: iso(endMs - HOUR),
		})),
	};
}

/** The bucket, as who reads it sees it. */
export function bucketOf(objects: readonly TrailObject[]): TrailFiles {
	const byKey = new Map(objects.map((object) => [object.key, object]));
	return {
		bucket: scope.bucket,
		list: async (prefix, { after = '', limit }) =>
			[...byKey.keys()]
				.filter((key) => key.startsWith(prefix) && key > after)
				.sort()
				.slice(0, limit),
		get: async (key) => byKey.get(key),
	};
}

/** `hours` digests one after another, each of one log file with two events. */
export function wholeTrail(hours: number): { digests: Digest[]; logs: TrailObject[] } {
	const digests: Digest[] = [];
	const logs: TrailObject[] = [];
	for (let hour = 1; hour <= hours; hour += 1) {
		const endMs = start + hour * HOUR;
		const log = logFile(endMs - 1_800_000, [{ eventID: `a-${hour}` }, { eventID: `b-${hour}` }]);
		logs.push(log);
		digests.push(signed(content(endMs, { previous: digests.at(-1), logs: [log] })));
	}
	return { digests, logs };
}

export const wholePeriod = (hours: number) => ({ fromMs: start, toMs: start + hours * HOUR });
