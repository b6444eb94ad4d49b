/** Time and chance that tests steer. */
import type { EpochMs } from '../../core/ids.ts';
import { epochMs } from '../../core/ids.ts';
import type { Store } from '../../core/ledger/read.ts';
import { START } from './ledger-builder.ts';

/** It stands still until somebody moves it on. */
export type SettableClock = { now(): EpochMs; advance(ms: number): void };

export function settableClock(): SettableClock {
	let now: number = START;
	return {
		now: () => epochMs.parse(now),
		advance: (ms) => {
			now += ms;
		},
	};
}

/** The same bytes in the same order, every time. No two draws are alike. */
export function seededRandomness(): Store['randomness'] {
	let drawn = 0;
	return {
		bytes: (length) => {
			drawn += 1;
			const bytes = Buffer.alloc(length, 0x5a);
			bytes.writeUInt32BE(drawn, 0);
			bytes.writeUInt32BE(Math.imul(drawn, 0x9e3779b1) >>> 0, 4);
			return bytes;
		},
	};
}
