/** What the archive needs of the outside, each a port. */

import type { StoredEntry } from '../ledger/entry.ts';
import type { Claim } from '../ports.ts';

/** Objects that stand once they are put. */
export interface Archive {
	/** Durable once resolved. Insert-only: `there` is what was put under this name before. */
	put(name: string, text: string): Promise<'kept' | { readonly there: string }>;
	get(name: string): Promise<string | undefined>;
	/** Names that begin with `prefix`, ascending, after `after`, at most `limit` (≤ 1,000). */
	list(prefix: string, page: { after?: string | undefined; limit: number }): Promise<string[]>;
}

/** What stands in the ledger's table: an entry, or a claim that landed with one. */
export type LedgerItem = { readonly is: 'entry'; readonly entry: StoredEntry } | { readonly is: 'claim'; readonly claim: Claim };

/**
 * The present life of the ledger's table. A table that was restored from a backup has another than its entries, and lacks
 * what was written after the backup. Nobody writes to it before the archive has put that back and confirmed it.
 */
export interface Generation {
	readonly id: string;
	/** Consistent. */
	isConfirmed(): Promise<boolean>;
	/** Puts an item where it stood. `other`: something else stands there now. */
	putBack(item: LedgerItem): Promise<'put' | 'there' | 'other'>;
	/** Durable once resolved. */
	confirm(): Promise<void>;
}

/** One change of the ledger's table, as its stream tells it. */
export type TableChange = { readonly sequenceNumber: string } & (
	| { readonly how: 'insert'; readonly item: LedgerItem }
	/** A generation was confirmed: the archive's own doing. */
	| { readonly how: 'confirmed' }
	/** What nobody may do: replaced, removed, or put where no item of ours lies. */
	| {
			readonly how: 'changed' | 'removed' | 'foreign';
			readonly about: string;
			readonly place: number | null;
			readonly what: string;
			readonly body: string | null;
	  }
);
