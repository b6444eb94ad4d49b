/** Every storage port over one state in memory: the doubles of core's tests, and the shortest statement of what the ports mean. */
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import { checkAppend } from '../../core/ledger/check-append.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Appended, Claim, Claims, Ledger, Payloads, RunKeys, Runs, Tables, Together } from '../../core/ports.ts';
import { admits, changed, type Item } from '../../core/step/writes.ts';
import { type Counts, type FaultPlan, faulty, noCounts } from './faults.ts';

/** What outlives a process. Tests may read it, and tamper with it. */
export type MemoryState = {
	/** By chain, ascending by place. */
	chains: Map<string, StoredEntry[]>;
	/** By tool and key, ascending by n. */
	claims: Map<string, Claim[]>;
	items: Map<string, Item>;
	/** `destroyed` stays for good, so that no key takes its place. */
	keys: Map<string, Uint8Array | 'destroyed'>;
	payloads: Map<string, Uint8Array>;
};
export type MemoryStore = {
	ledger: Ledger;
	claims: Claims;
	tables: Tables;
	keys: RunKeys;
	payloads: Payloads;
	runs: Runs;
	counts: Counts;
	state: MemoryState;
};
type Faulty = ReturnType<typeof faulty>;

export const emptyState = (): MemoryState => ({
	chains: new Map(),
	claims: new Map(),
	items: new Map(),
	keys: new Map(),
	payloads: new Map(),
});

/**
 * A store in memory. To restart a process after a `Crash`, make another over the first one's `state`.
 *
 * @param options.fault asked once for every call of every port; what it answers happens to that call.
 */
export function memoryStore(options: { generation?: string; fault?: FaultPlan; state?: MemoryState } = {}): MemoryStore {
	const state = options.state ?? emptyState();
	const counts = noCounts();
	const call = faulty({ counts, fault: options.fault });
	return {
		ledger: memoryLedger({ state, counts, call, generation: options.generation ?? 'memory' }),
		claims: { latest: (tool, key) => call({ port: 'claims', verb: 'latest' }, () => state.claims.get(pair(tool, key))?.at(-1)) },
		tables: { get: (table, key) => call({ port: 'tables', verb: 'get' }, () => state.items.get(pair(table, key))) },
		keys: memoryKeys(state, call),
		payloads: memoryPayloads(state, call),
		runs: {
			list: ({ after = '', limit }) =>
				call({ port: 'runs', verb: 'list' }, () => {
					const runs = [...state.chains].filter(([chain, entries]) => entries.length > 0 && !chain.startsWith('@') && chain > after);
					return runs
						.map(([chain]) => chain)
						.sort()
						.slice(0, limit);
				}),
		},
		counts,
		state,
	};
}

function memoryLedger({
	state,
	counts,
	call,
	generation,
}: {
	state: MemoryState;
	counts: Counts;
	call: Faulty;
	generation: string;
}): Ledger {
	const query = (verb: 'read' | 'latest', limit: number, select: () => StoredEntry[]) => {
		if (!Number.isInteger(limit) || limit < 1 || limit > ENTRIES_PER_QUERY)
			throw new RangeError(`a query reads 1 to ${ENTRIES_PER_QUERY} entries, not ${limit}`);
		return call({ port: 'ledger', verb }, () => {
			const entries = select();
			counts.queries += 1;
			counts.entriesRead += entries.length;
			return entries;
		});
	};
	const of = (chain: string) => state.chains.get(chain) ?? [];
	return {
		generation,
		read: async (chain, { from, limit }) =>
			query('read', limit, () =>
				of(chain)
					.filter((entry) => entry.place >= from)
					.slice(0, limit),
			),
		latest: async (chain, limit) => query('latest', limit, () => of(chain).slice(-limit)),
		append: async (entry, together = {}) => {
			checkAppend(entry, together);
			return call<Appended>(
				{ port: 'ledger', verb: 'append' },
				() => land(state, entry, together),
				(cause) => ({ is: 'unknown', cause }),
			);
		},
	};
}

/** One atomic write: no `await` in here, and nothing changes before every condition has held. */
function land(state: MemoryState, entry: StoredEntry, { claim, writes = [] }: Together): Appended {
	const chain = state.chains.get(entry.chain) ?? [];
	const holder = chain.find((other) => other.place === entry.place);
	if (holder) return { is: 'conflict', holder };
	const claims = claim ? (state.claims.get(pair(claim.tool, claim.key)) ?? []) : [];
	const claimant = claims.find((other) => other.n === claim?.n);
	if (claimant) return { is: 'claimed', holder: claimant };
	const refused = writes.findIndex((write) => !admits(write, state.items.get(pair(write.table, write.key))));
	if (refused >= 0) return { is: 'refused', write: refused };

	state.chains.set(
		entry.chain,
		inOrder(chain, { ...entry }, (other) => other.place),
	);
	if (claim)
		state.claims.set(
			pair(claim.tool, claim.key),
			inOrder(claims, { ...claim }, (other) => other.n),
		);
	for (const write of writes) {
		const target = pair(write.table, write.key);
		const item = changed(write, state.items.get(target));
		if (item) state.items.set(target, item);
	}
	return { is: 'appended' };
}

function memoryKeys({ keys }: MemoryState, call: Faulty): RunKeys {
	const standing = (run: string) => {
		const key = keys.get(run);
		return key === 'destroyed' ? undefined : key?.slice();
	};
	return {
		create: (run, key) =>
			call({ port: 'keys', verb: 'create' }, () => {
				if (!keys.has(run)) keys.set(run, key.slice());
				const stands = standing(run);
				if (!stands) throw new Error(`the key of run ${run} was destroyed and its content with it; a new run has to have another id`);
				return stands;
			}),
		get: (run) => call({ port: 'keys', verb: 'get' }, () => standing(run)),
		destroy: (run) => call({ port: 'keys', verb: 'destroy' }, () => void keys.set(run, 'destroyed')),
	};
}

function memoryPayloads({ payloads }: MemoryState, call: Faulty): Payloads {
	return {
		put: (name, bytes) =>
			call({ port: 'payloads', verb: 'put' }, () => {
				if (!payloads.has(name)) payloads.set(name, bytes.slice());
			}),
		get: (name) => call({ port: 'payloads', verb: 'get' }, () => payloads.get(name)?.slice()),
	};
}

/** Nearly always the last, so that a long chain costs no sorting. */
function inOrder<T>(list: T[], item: T, rank: (item: T) => number): T[] {
	const after = list.findLastIndex((other) => rank(other) < rank(item));
	list.splice(after + 1, 0, item);
	return list;
}

const pair = (first: string, second: string): string => JSON.stringify([first, second]);
