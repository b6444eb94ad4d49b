/** Inflation with an end: what is stored for us by others may be made to fill a memory. */
import { gunzipSync } from 'node:zlib';

export type Inflated = { readonly is: 'inflated'; readonly bytes: Uint8Array } | { readonly is: 'unreadable'; readonly why: string };

/** Inflates gzip to at most `bytesAtMost`. What is longer, damaged or no gzip is a value, never thrown. */
export function inflate(bytes: Uint8Array, bytesAtMost: number): Inflated {
	try {
		return { is: 'inflated', bytes: gunzipSync(bytes, { maxOutputLength: bytesAtMost }) };
	} catch (error) {
		const tooLarge = error instanceof RangeError;
		return { is: 'unreadable', why: tooLarge ? `it inflates to more than ${bytesAtMost} bytes` : 'it is no whole gzip' };
	}
}

/** `undefined` for what is no JSON; JSON itself has no such value. */
export function jsonOf(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
	} catch {
		return undefined;
	}
}
