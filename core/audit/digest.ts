/**
 * One of CloudTrail's own digests: where it lay, what it says, and AWS's signature on it. A signed digest pins each log
 * file that it names, whatever became of its neighbours; the chain of them says that no hour is missing.
 *
 * @see docs/spec/trail-digests.md
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import { sha256 } from '../ledger/chain.ts';
import { inflate, jsonOf } from './inflate.ts';

/** An object as the trail's bucket holds it. `signature` is of its metadata (`x-amz-meta-signature`), in hex. */
export type TrailObject = { readonly bucket: string; readonly key: string; readonly bytes: Uint8Array; readonly signature?: string };

/** A public key of CloudTrail in one region, as `ListPublicKeys` tells it: PKCS #1, DER. Times in milliseconds since 1970. */
export type TrailKey = { readonly fingerprint: string; readonly der: Uint8Array; readonly validFromMs: number; readonly validToMs: number };

/** An hour of a busy region names thousands of log files, at some 400 bytes each. */
export const DIGEST_BYTES = 32 * 1_048_576;

const hex256 = z.string().regex(/^[0-9a-f]{64}$/i);
const second = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
	.refine((text) => Number.isFinite(Date.parse(text)));
const name = z.string().min(1).max(1_024);
const absent = z.null().optional();

const logFileReference = z.object({
	s3Bucket: name,
	s3Object: name,
	hashValue: hex256,
	hashAlgorithm: z.literal('SHA-256'),
	oldestEventTime: second.optional().catch(undefined),
	newestEventTime: second.optional().catch(undefined),
});
/** What a signed digest says of one log file: the hash is over its inflated bytes; between which times its events are, to the second. */
export type LogFileReference = z.infer<typeof logFileReference>;

const stated = z.object({
	awsAccountId: z.string().regex(/^\d{12}$/),
	digestStartTime: second,
	digestEndTime: second,
	digestS3Bucket: name,
	digestS3Object: name,
	digestPublicKeyFingerprint: z.string().min(1).max(128),
	digestSignatureAlgorithm: z.literal('SHA256withRSA'),
	logFiles: z.array(logFileReference),
});
const linked = z.object({
	previousDigestS3Bucket: name,
	previousDigestS3Object: name,
	previousDigestHashValue: hex256,
	previousDigestHashAlgorithm: z.literal('SHA-256'),
	previousDigestSignature: z.string().regex(/^([0-9a-f]{2})+$/i),
});
const unlinked = z.object({
	previousDigestS3Bucket: absent,
	previousDigestS3Object: absent,
	previousDigestHashValue: absent,
	previousDigestHashAlgorithm: absent,
	previousDigestSignature: absent,
});
const digestShape = z.intersection(stated, z.union([linked, unlinked]));

/** A digest whose signature holds, at the place that it names itself. `sha256` is over its inflated bytes. */
export type SignedDigest = {
	readonly bucket: string;
	readonly key: string;
	readonly account: string;
	readonly fromMs: number;
	readonly toMs: number;
	readonly sha256: string;
	readonly signature: string;
	/** None for the first of a chain: the trail was made, or was switched on again. */
	readonly previous: { readonly bucket: string; readonly key: string; readonly sha256: string; readonly signature: string } | undefined;
	readonly logFiles: readonly LogFileReference[];
};

/** Why a digest counts for nothing. */
export type DigestRefusal =
	| { readonly is: 'unreadable'; readonly key: string; readonly why: string }
	| { readonly is: 'misplaced'; readonly key: string; readonly says: string }
	| { readonly is: 'unsigned'; readonly key: string }
	| { readonly is: 'unknown-key'; readonly key: string; readonly fingerprint: string }
	| { readonly is: 'bad-signature'; readonly key: string };

/** Reads a digest and checks where it lies and who signed it. Offline: `keys` are all that is believed. */
export function readDigest(object: TrailObject, keys: readonly TrailKey[]): { is: 'signed'; digest: SignedDigest } | DigestRefusal {
	const { bucket, key } = object;
	const inflated = inflate(object.bytes, DIGEST_BYTES);
	if (inflated.is === 'unreadable') return { is: 'unreadable', key, why: inflated.why };
	const parsed = digestShape.safeParse(jsonOf(inflated.bytes));
	if (!parsed.success)
		return { is: 'unreadable', key, why: `it is no digest: ${parsed.error.issues[0]?.path.join('.') || 'not of its shape'}` };
	const said = parsed.data;
	if (said.digestS3Bucket !== bucket || said.digestS3Object !== key)
		return { is: 'misplaced', key, says: `${said.digestS3Bucket}/${said.digestS3Object}` };
	if (object.signature === undefined) return { is: 'unsigned', key };

	const digest: SignedDigest = {
		bucket,
		key,
		account: said.awsAccountId,
		fromMs: Date.parse(said.digestStartTime),
		toMs: Date.parse(said.digestEndTime),
		sha256: sha256(inflated.bytes),
		signature: object.signature.toLowerCase(),
		previous: previousOf(said),
		logFiles: said.logFiles,
	};
	if (digest.fromMs >= digest.toMs) return { is: 'unreadable', key, why: 'it ends before it begins' };
	const trusted = keys.filter((other) => other.fingerprint === said.digestPublicKeyFingerprint && covers(other, digest)).map(publicKey);
	if (trusted.length === 0) return { is: 'unknown-key', key, fingerprint: said.digestPublicKeyFingerprint };
	const signed = stringToSign({ endTime: said.digestEndTime, digest });
	return trusted.some((candidate) => holds(signed, candidate, digest.signature)) ? { is: 'signed', digest } : { is: 'bad-signature', key };
}

/** The string that CloudTrail signs. A digest without one before it says `null` in its place. */
export function stringToSign({
	endTime,
	digest,
}: {
	endTime: string;
	digest: Pick<SignedDigest, 'bucket' | 'key' | 'sha256' | 'previous'>;
}): string {
	return [endTime, `${digest.bucket}/${digest.key}`, digest.sha256, digest.previous?.signature ?? 'null'].join('\n');
}

function previousOf(said: z.infer<typeof digestShape>): SignedDigest['previous'] {
	if (typeof said.previousDigestS3Object !== 'string') return undefined;
	return {
		bucket: said.previousDigestS3Bucket,
		key: said.previousDigestS3Object,
		sha256: said.previousDigestHashValue.toLowerCase(),
		signature: said.previousDigestSignature,
	};
}

/** As `ListPublicKeys` answers for a period: keys in force in any part of it. */
const covers = ({ validFromMs, validToMs }: TrailKey, { fromMs, toMs }: SignedDigest): boolean =>
	validFromMs <= toMs && fromMs <= validToMs;

function publicKey({ der }: TrailKey): KeyObject | undefined {
	try {
		return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
	} catch {
		return undefined;
	}
}

function holds(signed: string, key: KeyObject | undefined, signature: string): boolean {
	if (key?.asymmetricKeyType !== 'rsa' || !/^([0-9a-f]{2})+$/.test(signature)) return false;
	try {
		return verify('RSA-SHA256', Buffer.from(signed), key, Buffer.from(signature, 'hex'));
	} catch {
		return false;
	}
}
