/** What the audit's functions need of the trail and of queues, each a port. Adapters translate; no SDK type passes. */
import type { TrailKey, TrailObject } from './digest.ts';
import type { Period } from './periods.ts';

/** The trail's bucket, read only. */
export interface TrailFiles {
	readonly bucket: string;
	/** Keys that begin with `prefix`, ascending, after `after`, at most `limit` (≤ 1,000). */
	list(prefix: string, page: { after?: string | undefined; limit: number }): Promise<string[]>;
	/** `undefined` when nothing lies there. */
	get(key: string): Promise<TrailObject | undefined>;
}

/** AWS's word on which keys sign in a region. */
export interface TrailKeys {
	inForce(region: string, period: Period): Promise<TrailKey[]>;
}

/** Where a record stands that can't be read. Never its content: it may hold tokens in clear (A3). */
export type PoisonPointer = {
	readonly stream: string;
	readonly shard: string;
	readonly sequenceNumber: string;
	/** Which message of the record, from 0; none when the whole of it can't be read. */
	readonly message?: number;
	readonly sha256: string;
	readonly why: string;
};
/** The queue for them. Durable once resolved. */
export interface Poison {
	put(pointer: PoisonPointer): Promise<void>;
}
