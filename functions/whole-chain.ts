/** A chain from its first entry to its last, those behind a missing one included: what was taken out is for core to say. */
import { ENTRIES_PER_QUERY } from '../core/bounds.ts';
import type { StoredEntry } from '../core/ledger/entry.ts';
import type { Store } from '../core/ledger/read.ts';

export async function wholeChain(chain: string, store: Pick<Store, 'ledger'>): Promise<StoredEntry[]> {
	const all: StoredEntry[] = [];
	for (;;) {
		const page = await store.ledger.read(chain, { from: (all.at(-1)?.place ?? -1) + 1, limit: ENTRIES_PER_QUERY });
		all.push(...page);
		if (page.length < ENTRIES_PER_QUERY) return all;
	}
}
