/** The trail's bucket: CloudTrail's log files and digests as they lie there. They are read, never written. */
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { TrailFiles } from '../../core/audit/trail-ports.ts';

/** The bucket did not answer. The message says what to do next. */
export class TrailUnavailable extends Error {
	override name = 'TrailUnavailable';
}

/** What a compressed file may have before it is read at all: CloudTrail's own have a few megabytes at most. */
const FILE_BYTES = 64 * 1_048_576;

/** @throws TrailUnavailable */
export function s3TrailFiles({ client, bucket }: { client: S3Client; bucket: string }): TrailFiles {
	return {
		bucket,
		list: async (prefix, { after, limit }) => {
			const command = new ListObjectsV2Command({
				Bucket: bucket,
				Prefix: prefix,
				MaxKeys: limit,
				...(after !== undefined && { StartAfter: after }),
			});
			const { Contents = [] } = await client.send(command).catch((error: unknown) => {
				throw unavailable(bucket, error);
			});
			return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
		},
		get: async (key) => {
			try {
				const { Body, ContentLength = 0, Metadata = {} } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
				if (ContentLength > FILE_BYTES) return { bucket, key, bytes: new Uint8Array() };
				const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
				const { signature } = Metadata;
				return { bucket, key, bytes, ...(signature !== undefined && { signature }) };
			} catch (error) {
				if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
				throw unavailable(bucket, error);
			}
		},
	};
}

function unavailable(bucket: string, error: unknown): TrailUnavailable {
	const name = error instanceof Error ? error.name : String(error);
	const denied =
		name === 'AccessDenied' ? "this role may not read it. Check the function's role, the bucket's policy and its key's" : 'try again';
	return new TrailUnavailable(`the trail's bucket ${bucket} gave no answer: ${name}: ${denied}`);
}
