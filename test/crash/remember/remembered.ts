/** Answers of pure functions, kept by all that they were asked with. Bounded; one of so many is made anew, and has to be the same. */
import { isDeepStrictEqual } from 'node:util';

/** Of each kind; beyond that, all are forgotten and it begins anew. */
const KEPT = 200_000;
const AGAIN = 500;

let isOn = false;
let asked = 0;

export const remember = {
	/** From now on; until then, everything is made anew. */
	begin: (): void => {
		isOn = true;
	},
	isOn: (): boolean => isOn,
};

export class RememberedWrongly extends Error {
	override name = 'RememberedWrongly';
}

export type Remembered<K, V> = {
	/** What `make` answers, or has answered for the same key. Frozen throughout: whoever would change it, throws. */
	of(key: K, make: () => V): V;
};

/** @param what is told where one was remembered wrongly */
export function remembered<K, V>(what: string): Remembered<K, V> {
	const kept = new Map<K, V>();
	return {
		of: (key, make) => {
			if (!isOn) return make();
			const known = kept.get(key);
			if (known !== undefined) {
				asked += 1;
				if (asked % AGAIN === 0 && !isDeepStrictEqual(plain(make()), plain(known)))
					throw new RememberedWrongly(`${what}: ${String(key).slice(0, 200)}`);
				return known;
			}
			if (kept.size >= KEPT) kept.clear();
			const made = frozen(make());
			kept.set(key, made);
			return made;
		},
	};
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** What nobody can change any more. */
export function frozen<T>(value: T): T {
	if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
	Object.freeze(value);
	for (const inner of Object.values(value)) frozen(inner);
	return value;
}
