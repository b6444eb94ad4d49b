/** The trail's bucket: CloudTrail's log files and digests as they lie there. They are read, never written. */
import { Readable } from 'node:stream';
import type { TrailFiles } from '../../core/audit/trail-ports.ts';
import { type Bucket, namesIn, objectAt } from './objects.ts';

/** The bucket did not answer. The message says what to do next. */
export class TrailUnavailable extends Error {
	override name = 'TrailUnavailable';
}

/** What a compressed file may have before it is read at all: CloudTrail's own have a few megabytes at most. */
const FILE_BYTES = 64 * 1_048_576;

/** @throws TrailUnavailable */
export function s3TrailFiles(place: Bucket): TrailFiles {
	const { bucket } = place;
	return {
		bucket,
		list: (prefix, page) =>
			namesIn(place, prefix, page).catch((error: unknown) => {
				throw unavailable(bucket, error);
			}),
		get: async (key) => {
			try {
				const found = await objectAt(place, key);
				if (!found) return undefined;
				const { Body, ContentLength = 0, Metadata = {} } = found;
				if (ContentLength > FILE_BYTES) {
					// Left alone, it would hold its socket until the function ends.
					if (Body instanceof Readable) Body.destroy();
					return { bucket, key, bytes: new Uint8Array() };
				}
				const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
				const { signature } = Metadata;
				return { bucket, key, bytes, ...(signature !== undefined && { signature }) };
			} catch (error) {
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
