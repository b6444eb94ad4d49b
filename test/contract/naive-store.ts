/** A control: a store as it is written when nobody thinks of other writers or of crashes. The contract's checks must fail on it. */
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Claim, Claims, Ledger, Tables } from '../../core/ports.ts';

export function naiveStore(): { ledger: Ledger; claims: Claims; tables: Tables } {
	const entries = new Map<string, StoredEntry>();
	const claims = new Map<string, Claim>();
	const nextTask = () => Promise.resolve();
	return {
		ledger: {
			generation: 'naive',
			read: async (chain, { from, limit }) =>
				[...entries.values()].filter((entry) => entry.chain === chain && entry.place >= from).slice(0, limit),
			latest: async (chain, limit) => [...entries.values()].filter((entry) => entry.chain === chain).slice(-limit),
			append: async (entry, together) => {
				// It looks, lets others in, and then writes as if nothing had happened.
				const holder = entries.get(`${entry.chain} ${entry.place}`);
				await nextTask();
				if (holder) return { is: 'conflict', holder };
				entries.set(`${entry.chain} ${entry.place}`, entry);
				// Each thing in its own write: a refusal comes too late for those before it.
				if (together?.claim) claims.set(`${together.claim.tool} ${together.claim.key}`, together.claim);
				const refused = together?.writes?.findIndex((write) => write.onlyIf !== undefined) ?? -1;
				return refused >= 0 ? { is: 'refused', write: refused } : { is: 'appended' };
			},
		},
		claims: { latest: async (tool, key) => claims.get(`${tool} ${key}`) },
		tables: { get: async () => undefined },
	};
}
