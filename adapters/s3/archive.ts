/** The archive as objects. Insert-only twice over: a put on the condition that there is no such object, and the bucket's lock. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Archive } from '../../core/audit/archive-ports.ts';

const CONFLICTS_REPEATED = 5;

/** The archive did not do what it was asked, or did not say so. The message says what to do next. */
export class ArchiveUnavailable extends Error {
	override name = 'ArchiveUnavailable';
}

/** @throws ArchiveUnavailable */
export function s3Archive({ client, bucket }: { client: S3Client; bucket: string }): Archive {
	const get = async (name: string): Promise<string | undefined> => {
		try {
			const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
			return await Body?.transformToString();
		} catch (error) {
			if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
			throw unavailable(bucket, error);
		}
	};
	return {
		get,
		put: async (name, text) => {
			for (let time = 1; ; time += 1) {
				const refusal = await put({ client, bucket }, name, text);
				if (refusal === undefined) return 'kept';
				if (refusal.name === 'PreconditionFailed') {
					const there = await get(name);
					if (there !== undefined) return { there };
				} else if (refusal.name !== 'ConditionalRequestConflict' || time >= CONFLICTS_REPEATED) throw unavailable(bucket, refusal);
				if (time >= CONFLICTS_REPEATED) throw unavailable(bucket, refusal);
			}
		},
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
	};
}

async function put({ client, bucket }: { client: S3Client; bucket: string }, name: string, text: string): Promise<Error | undefined> {
	try {
		// A bucket with a lock takes no object without a checksum.
		const object = {
			Bucket: bucket,
			Key: name,
			Body: text,
			ContentType: 'application/json',
			IfNoneMatch: '*',
			ChecksumAlgorithm: 'SHA256',
		} as const;
		await client.send(new PutObjectCommand(object));
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

function unavailable(bucket: string, error: unknown): ArchiveUnavailable {
	const name = error instanceof Error ? error.name : String(error);
	const denied = name === 'AccessDenied' ? "this role may not do that. Check the function's role and the bucket's policy" : 'try again';
	return new ArchiveUnavailable(`the archive ${bucket} gave no answer: ${name}: ${denied}`);
}
