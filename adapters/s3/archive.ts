/** The archive as objects. Insert-only twice over: a put on the condition that there is no such object, and the bucket's lock. */
import type { Archive } from '../../core/audit/archive-ports.ts';
import { type Bucket, CONFLICTS_REPEATED, namesIn, objectAt, refusalOfPut } from './objects.ts';

/** A bucket with a lock takes no object without a checksum. */
const object = { ContentType: 'application/json', ChecksumAlgorithm: 'SHA256' } as const;

/** The archive did not do what it was asked, or did not say so. The message says what to do next. */
export class ArchiveUnavailable extends Error {
	override name = 'ArchiveUnavailable';
}

/** @throws ArchiveUnavailable */
export function s3Archive(place: Bucket): Archive {
	const { bucket } = place;
	const get = async (name: string): Promise<string | undefined> => {
		try {
			return await (await objectAt(place, name))?.Body?.transformToString();
		} catch (error) {
			throw unavailable(bucket, error);
		}
	};
	return {
		get,
		put: async (name, text) => {
			for (let time = 1; ; time += 1) {
				const refusal = await refusalOfPut(place, { ...object, Key: name, Body: text });
				if (refusal === undefined) return 'kept';
				if (refusal.name === 'PreconditionFailed') {
					const there = await get(name);
					if (there !== undefined) return { there };
				} else if (refusal.name !== 'ConditionalRequestConflict' || time >= CONFLICTS_REPEATED) throw unavailable(bucket, refusal);
				if (time >= CONFLICTS_REPEATED) throw unavailable(bucket, refusal);
			}
		},
		list: (prefix, page) =>
			namesIn(place, prefix, page).catch((error: unknown) => {
				throw unavailable(bucket, error);
			}),
	};
}

function unavailable(bucket: string, error: unknown): ArchiveUnavailable {
	const name = error instanceof Error ? error.name : String(error);
	const denied = name === 'AccessDenied' ? "this role may not do that. Check the function's role and the bucket's policy" : 'try again';
	return new ArchiveUnavailable(`the archive ${bucket} gave no answer: ${name}: ${denied}`);
}
