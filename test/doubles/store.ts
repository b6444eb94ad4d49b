/** A store as core sees it, in memory, with a clock and randomness that tests steer. */
import type { FaultPlan } from '../../adapters/memory/faults.ts';
import { type MemoryState, type MemoryStore, memoryStore } from '../../adapters/memory/store.ts';
import { epochMs } from '../../core/ids.ts';
import { createReader, type Reader, type Store } from '../../core/ledger/read.ts';
import { START } from './ledger-builder.ts';

/** A store and a reader over it: what one process has. */
export type Process = { readonly store: Store; readonly reader: Reader; readonly memory: MemoryStore };

let processes = 0;

/** A process over `state`, which outlives it. Randomness differs between processes, as it does in life. */
export function processOver(state: MemoryState, fault?: FaultPlan): Process {
	const memory = memoryStore({ state, ...(fault && { fault }) });
	processes += 1;
	const [process, now] = [processes, START + 3_600_000];
	let drawn = 0;
	const store: Store = {
		ledger: memory.ledger,
		claims: memory.claims,
		keys: memory.keys,
		payloads: memory.payloads,
		clock: { now: () => epochMs.parse(now + drawn) },
		randomness: {
			bytes: (length) => {
				drawn += 1;
				const bytes = Buffer.alloc(length);
				bytes.writeUInt32BE(process, 0);
				bytes.writeUInt32BE(drawn, 4);
				return bytes;
			},
		},
	};
	return { store, reader: createReader(store), memory };
}
