/** One of CloudTrail's log files, held to what a signed digest says of it. */
import { sha256 } from '../ledger/chain.ts';
import type { LogFileReference, TrailObject } from './digest.ts';
import { inflate, jsonOf } from './inflate.ts';

/** CloudTrail's own files hold some thousands of events. Above this a file is not read, and that is said. */
export const LOG_FILE_BYTES = 128 * 1_048_576;

export type LogFileRead =
	| { readonly is: 'whole'; readonly records: readonly unknown[] }
	| { readonly is: 'log-missing'; readonly key: string }
	| { readonly is: 'log-altered'; readonly key: string }
	| { readonly is: 'log-unreadable'; readonly key: string; readonly why: string };

/** Reads the file that `reference` pins. `object` is what lies there now, if anything does. */
export function readLogFile(object: TrailObject | undefined, reference: LogFileReference): LogFileRead {
	const key = reference.s3Object;
	if (!object || object.bucket !== reference.s3Bucket || object.key !== key) return { is: 'log-missing', key };
	const inflated = inflate(object.bytes, LOG_FILE_BYTES);
	if (inflated.is === 'unreadable') return { is: 'log-unreadable', key, why: inflated.why };
	if (sha256(inflated.bytes) !== reference.hashValue.toLowerCase()) return { is: 'log-altered', key };
	const content = jsonOf(inflated.bytes);
	const records = typeof content === 'object' && content !== null && 'Records' in content ? content.Records : undefined;
	if (!Array.isArray(records)) return { is: 'log-unreadable', key, why: 'it has no list of records' };
	return { is: 'whole', records };
}
