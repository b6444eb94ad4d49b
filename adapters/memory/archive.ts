/** The archive, and the life of a table, in memory: for tests, and the shortest statement of what the ports mean. */
import type { Archive, Generation } from '../../core/audit/archive-ports.ts';
import { canonical } from '../../core/ledger/chain.ts';
import type { MemoryState } from './store.ts';

export function memoryArchive(objects: Map<string, string> = new Map()): Archive & { readonly objects: Map<string, string> } {
	return {
		objects,
		put: async (name, text) => {
			const there = objects.get(name);
			if (there !== undefined) return { there };
			objects.set(name, text);
			return 'kept';
		},
		get: async (name) => objects.get(name),
		list: async (prefix, { after = '', limit }) =>
			[...objects.keys()]
				.filter((name) => name.startsWith(prefix) && name > after)
				.sort()
				.slice(0, limit),
	};
}

/** @param confirmed the lives that were confirmed; they lie in the table, and are restored with it. */
export function memoryGeneration(id: string, { state, confirmed }: { state: MemoryState; confirmed: Set<string> }): Generation {
	return {
		id,
		isConfirmed: async () => confirmed.has(id),
		putBack: async (item) => {
			if (item.is === 'claim') {
				const { claim } = item;
				const key = JSON.stringify([claim.tool, claim.key]);
				const held = state.claims.get(key) ?? [];
				const there = held.find(({ n }) => n === claim.n);
				if (there) return canonical(there) === canonical(claim) ? 'there' : 'other';
				state.claims.set(
					key,
					[...held, claim].sort((one, other) => one.n - other.n),
				);
				return 'put';
			}
			const { entry } = item;
			const chain = state.chains.get(entry.chain) ?? [];
			const there = chain.find(({ place }) => place === entry.place);
			if (there) return there.body === entry.body ? 'there' : 'other';
			state.chains.set(
				entry.chain,
				[...chain, entry].sort((one, other) => one.place - other.place),
			);
			return 'put';
		},
		confirm: async () => void confirmed.add(id),
	};
}
