/** A process on its way, whether its code goes it or what is known of it: where it stands, and what it does to its world there. */
import type { Json } from '../../../core/ids.ts';
import { type Caller, type CrossingCall, cross, type Running } from '../world/crossing.ts';
import type { Doing } from '../world/doing.ts';
import type { Outward } from '../world/outward.ts';
import { type Did, type Learned, type Stand, standAt, type Trunk } from './ways.ts';

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

/** It has learned this where it stood, and goes on. */
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
