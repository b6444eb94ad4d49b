/**
 * The ways that processes have gone. A process stands somewhere on its way with all that it has learned so far; there it
 * did what it did, and goes on by what it learns next.
 */
import type { Json } from '../../../core/ids.ts';
import type { Calls, Senses, Tells } from '../world/outward.ts';

/** One thing that a process did. Calls are numbered, since several may be under way. */
export type Did =
	| {
			readonly is: 'call';
			readonly number: number;
			readonly what: keyof Calls;
			readonly given: readonly unknown[];
			readonly site: string | undefined;
	  }
	/** It stands somewhere else with what it has sensed, so this is the last thing it did where it stood. */
	| { readonly is: 'sense'; readonly what: keyof Senses; readonly given: readonly unknown[] }
	| { readonly is: 'tell'; readonly what: keyof Tells; readonly given: readonly unknown[] }
	| { readonly is: 'end'; readonly what: 'answer'; readonly answer: Json }
	| { readonly is: 'end'; readonly what: 'failure'; readonly name: string; readonly message: string };

/** What it learned, as the caller of a call or at once. `key`: all of it that a process can tell. */
export type Learned =
	| { readonly is: 'answer'; readonly number: number; readonly key: string; readonly answer: unknown }
	| { readonly is: 'error'; readonly number: number; readonly key: string; readonly error: unknown }
	| { readonly is: 'sensed'; readonly key: string; readonly value: unknown };

export type Stand = {
	/** No two stands have the same. */
	readonly number: number;
	/** Not known before some process has learned more, or has ended, after it stood here: what was cut off may have had more to do. */
	did: readonly Did[] | undefined;
	readonly next: Map<string, Stand>;
};
/** `processes`: how many have gone one of its ways. */
export type Trunk = { readonly begun: Map<string, Stand>; stands: number; processes: number };

/** Ways are kept whole; beyond so many stands all are forgotten and it begins anew. */
const STANDS = 400_000;
const trunks = new WeakMap<object, Trunk>();

/** The ways of an installation's functions. */
export function trunkOf(installation: object): Trunk {
	const known = trunks.get(installation);
	if (known && known.stands < STANDS) return known;
	const trunk: Trunk = { begun: new Map(), stands: 0, processes: 0 };
	trunks.set(installation, trunk);
	return trunk;
}

/** Where one stands who has learned `key` there. */
export function standAt(trunk: Trunk, stands: Map<string, Stand>, key: string): Stand {
	const known = stands.get(key);
	if (known) return known;
	trunk.stands += 1;
	const stand: Stand = { number: trunk.stands, did: undefined, next: new Map() };
	stands.set(key, stand);
	return stand;
}

export const isLike = (one: Did, other: Did): boolean =>
	one.is === other.is && one.what === other.what && (one.is !== 'call' || one.number === (other as typeof one).number);
/** To the last byte; where in the source a call was made is no part of what it does. */
export const isSame = (one: Did, other: Did): boolean => told(one) === told(other);
const told = (did: Did): string => JSON.stringify({ ...did, site: undefined });
