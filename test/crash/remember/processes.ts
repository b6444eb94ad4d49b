/**
 * Processes whose code is run once for each way they can go: what a process does follows from its event and from what it has
 * learned, so one that has learned no more than another before it does what that one did. What it does to its world is done
 * each time. As soon as it learns something that none has learned there, its code is run, from its beginning, with all that it
 * has learned until then, and goes on from there by itself.
 */
import type { Json } from '../../../core/ids.ts';
import type { Outward } from '../world/outward.ts';
import { coded } from './code.ts';
import { type Conducting, type Going, perform, stand } from './going.ts';
import { isLike, isSame, type Learned, standAt } from './ways.ts';

export type Conducted = { readonly outward: Outward; readonly run: () => Promise<Json> };
/** One of so many processes is its code from the beginning on, though its way may be known, and has to do the same to the last byte. */
const AGAIN = 500;

export function conducted(conducting: Conducting): Conducted {
	const { trunk, begun } = conducting;
	const first = standAt(trunk, trunk.begun, begun);
	conducting.caller.past = String(first.number);
	const going: Going = { ...conducting, stand: first, did: [], learned: [], end: Promise.withResolvers(), over: false, live: undefined };
	const { outward, begin } = coded(going);
	const run = (): Promise<Json> => {
		trunk.processes += 1;
		if (trunk.processes % AGAIN === 0) begin(isSame);
		else walk(going, () => begin(isLike));
		return going.end.promise;
	};
	return { outward, run };
}

/** Does what is known to be done next, and next, until it has to wait for an answer; where that is not known, the code is asked. */
function walk(going: Going, begin: () => void): void {
	const learn = (learned: Learned): void => {
		if (going.live) {
			going.live(learned);
			return;
		}
		if (going.over) return;
		goOn(going, learned);
		walk(going, begin);
	};
	for (;;) {
		const { did } = going.stand;
		if (!did) {
			begin();
			return;
		}
		let sensed: Learned | undefined;
		for (const one of did) {
			going.did.push(one);
			sensed = perform(going, one, learn);
		}
		if (!sensed) return;
		goOn(going, sensed);
	}
}

function goOn(going: Going, learned: Learned): void {
	going.learned.push(learned);
	stand(going, learned);
}
