/**
 * Processes whose code is run once for each way they can go: what a process does follows from its event and from what it has
 * learned, so one that has learned no more than another before it does what that one did. What it does to its world is done
 * each time. As soon as it learns something that none has learned there, its code is run, from its beginning, with all that it
 * has learned until then, and goes on from there by itself.
 */
import type { Json } from '../../../core/ids.ts';
import { type Caller, type CrossingCall, cross, type Running } from '../world/crossing.ts';
import type { Doing } from '../world/doing.ts';
import type { Outward } from '../world/outward.ts';
import { coded } from './code.ts';
import { type Did, isLike, isSame, type Learned, type Stand, standAt, type Trunk } from './ways.ts';

export type Conducted = { readonly outward: Outward; readonly run: () => Promise<Json> };
export type Conducting = {
	readonly trunk: Trunk;
	/** What it was begun with: all that can make two processes differ before they have learned anything. */
	readonly begun: string;
	readonly code: (outward: Outward) => Promise<unknown>;
	readonly doing: Doing;
	readonly running: Running;
	readonly caller: Caller;
};
export type Going = Conducting & {
	stand: Stand;
	/** All that was done before its code is run, and all that it has learned, each in order. */
	readonly did: Did[];
	readonly learned: Learned[];
	readonly end: PromiseWithResolvers<Json>;
	/** Whatever comes now, it has ended. */
	over: boolean;
	/** Takes what is learned, once its code runs. */
	live: ((learned: Learned) => void) | undefined;
};

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

export function stand(going: Going, { key }: Learned): void {
	going.stand = standAt(going.trunk, going.stand.next, key);
	going.caller.past = String(going.stand.number);
}

/** Does it to the world. What is sensed is learned at once; what is answered, by and by. */
export function perform(going: Going, did: Did, learn: (learned: Learned) => void): Learned | undefined {
	const { doing, running, caller, end } = going;
	switch (did.is) {
		case 'call': {
			const { number, what, given, site } = did;
			const call = (doing.calls[what] as (by: Caller, ...all: readonly unknown[]) => CrossingCall<unknown>)(caller, ...given);
			cross(running, caller, call, site).then(
				(answer) => learn({ is: 'answer', number, key: `${number} ${told(call, answer)}`, answer }),
				(error) => learn({ is: 'error', number, key: `${number} threw ${thrown(error)}`, error }),
			);
			return undefined;
		}
		case 'sense': {
			const value = (doing.senses[did.what] as (...all: readonly unknown[]) => unknown)(...did.given);
			return { is: 'sensed', key: value instanceof Uint8Array ? Buffer.from(value).toString('base64') : JSON.stringify(value), value };
		}
		case 'tell':
			(doing.tells[did.what] as (by: Caller, ...all: readonly unknown[]) => void)(caller, ...did.given);
			return undefined;
		case 'end':
			going.over = true;
			if (did.what === 'answer') end.resolve(did.answer);
			else end.reject(Object.assign(new Error(did.message), { name: did.name }));
			return undefined;
	}
}

const told = (call: CrossingCall<unknown>, answer: unknown): string => (call.says ? call.says(answer) : JSON.stringify(answer));
const thrown = (error: unknown): string => (error instanceof Error ? `${error.name} ${error.message}` : String(error));
