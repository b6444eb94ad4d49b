/** Random choices that can be made again: everything random in these tests comes from one printed seed. */

export type Chance = {
	readonly seed: number;
	/** From 0 up to, not including, `limit`. */
	below(limit: number): number;
	pick<T>(list: readonly T[]): T | undefined;
	/** True in so many of a hundred. */
	percent(share: number): boolean;
};

/** The seed is `THROUGHLINE_CRASH_SEED`, or another one every time. Moments on a busy machine differ all the same. */
export function chanceFor(what: string, variable = 'THROUGHLINE_CRASH_SEED'): Chance {
	const given = process.env[variable];
	const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
	if (!Number.isSafeInteger(seed)) throw new Error(`${variable} is ${JSON.stringify(given)}; a seed is a whole number`);
	console.log(`${what}: seed ${seed}, the same choices again with ${variable}=${seed}`);
	return chanceOf(seed);
}

/** mulberry32. */
export function chanceOf(seed: number): Chance {
	let state = seed | 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	return {
		seed,
		below: (limit) => next() * limit,
		pick: (list) => list[Math.floor(next() * list.length)],
		percent: (share) => next() * 100 < share,
	};
}
