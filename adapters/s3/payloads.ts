/**
 * Ciphertexts too large for an entry, as objects. Insert-only: a put on the condition that there is no such object, which
 * the bucket's own policy demands of everybody.
 */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Payloads } from '../../core/ports.ts';
import { type Bucket, CONFLICTS_REPEATED, objectAt, refusalOfPut } from './objects.ts';

const ATTEMPTS = 3;
const CONNECT_MS = 1_000;
/** A payload has a megabyte at most. */
const ANSWER_MS = 10_000;

/** The payload store did not do what it was asked, or did not say so. The message says what to do next. */
export class PayloadsUnavailable extends Error {
	override name = 'PayloadsUnavailable';
}

/** A client for `s3Payloads`. Region, endpoint and credentials come from the environment unless `config` has them. */
export function s3Client(config: Pick<S3ClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): S3Client {
	return new S3Client({
		...config,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

/** @throws PayloadsUnavailable */
export function s3Payloads(place: Bucket): Payloads {
	const { bucket } = place;
	return {
		put: async (name, bytes) => {
			for (let time = 1; ; time += 1) {
				const refusal = await refusalOfPut(place, { Key: name, Body: bytes });
				// The same name is the same ciphertext, under a nonce: whoever was first has done it.
				if (refusal === undefined || refusal.name === 'PreconditionFailed') return;
				if (refusal.name !== 'ConditionalRequestConflict' || time >= CONFLICTS_REPEATED) throw unavailable(bucket, refusal);
			}
		},
		get: async (name) => {
			try {
				return await (await objectAt(place, name))?.Body?.transformToByteArray();
			} catch (error) {
				throw unavailable(bucket, error);
			}
		},
	};
}

const advice = new Map([
	['NoSuchBucket', 'the bucket does not exist in this region and account. Deploy it, or correct its name, then resume'],
	['AccessDenied', "this role may not do that. Check the function's role, the bucket's policy and its key's, then resume"],
]);

function unavailable(bucket: string, error: unknown): PayloadsUnavailable {
	const name = error instanceof Error ? error.name : String(error);
	return new PayloadsUnavailable(`bucket ${bucket}: ${name}: ${advice.get(name) ?? 'it gave no answer. Try again'}`);
}
