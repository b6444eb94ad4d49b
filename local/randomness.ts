/** The system's random bytes, drawn a page at a time: asking it for a dozen takes as long as asking for thousands. */
import { randomFillSync } from 'node:crypto';
import type { Randomness } from '../core/ports.ts';

const pool = new Uint8Array(4_096);
let used = pool.length;

export const systemRandomness: Randomness = {
	bytes: (length) => {
		if (length > pool.length) throw new RangeError(`${length} random bytes at once; there are ${pool.length}`);
		if (used + length > pool.length) {
			randomFillSync(pool);
			used = 0;
		}
		const drawn = pool.slice(used, used + length);
		// It may become a key, and no second copy of one stays here.
		pool.fill(0, used, used + length);
		used += length;
		return drawn;
	},
};
