/** Time that passes only when nothing else is left to do, or when a schedule says so: from one timer to the next. */

import { epochMs } from '../../../core/ids.ts';
import type { Clock } from '../../../core/ports.ts';
import { START } from '../../doubles/ledger-builder.ts';

type Timer = { readonly due: number; readonly fire: () => void };

export type Timeline = {
	now(): number;
	/** A clock that is wrong by so much. */
	clock(offsetMs: number): Clock;
	/** Calls `fire` when that time has come; answers how to call it off. */
	after(ms: number, fire: () => void): () => void;
	sleep(ms: number): Promise<void>;
	/** Goes on to the earliest timer and fires all that are due then. False when there is none. */
	pass(): boolean;
};

export function timeline(): Timeline {
	let now: number = START;
	/** Ascending by time, and in the order of their making where that is the same. */
	const timers: Timer[] = [];
	const after: Timeline['after'] = (ms, fire) => {
		const timer = { due: now + ms, fire };
		timers.splice(timers.findLastIndex((other) => other.due <= timer.due) + 1, 0, timer);
		return () => {
			const index = timers.indexOf(timer);
			if (index >= 0) timers.splice(index, 1);
		};
	};
	return {
		now: () => now,
		clock: (offsetMs) => ({ now: () => epochMs.parse(now + offsetMs) }),
		after,
		sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
		pass: () => {
			const next = timers[0];
			if (!next) return false;
			now = next.due;
			for (let due = timers[0]; due && due.due <= now; due = timers[0]) {
				timers.shift();
				due.fire();
			}
			return true;
		},
	};
}
