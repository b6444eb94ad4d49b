/** Entries and claims to write. Stores don't read bodies, so these need not be what core would write. */
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Claim, Ledger } from '../../core/ports.ts';

/** An entry whose body names its writer, so that two writers' entries for one place differ. */
export const entryAt = (place: number, { chain = 'run-1', writer = 'w', sizeBytes = 0 } = {}): StoredEntry => ({
	chain,
	place,
	body: JSON.stringify({ place, writer, filling: 'x'.repeat(sizeBytes) }),
});

export const claimOf = (key: string, { tool = 'refund', n = 1, run = 'run-1' } = {}): Claim => ({ tool, key, n, run, step: 3, hint: 7 });

/** Writes places 0 to `count` - 1 of `chain`. */
export async function filled(ledger: Ledger, count: number, { chain = 'run-1', sizeBytes = 0 } = {}): Promise<StoredEntry[]> {
	const entries = Array.from({ length: count }, (_, place) => entryAt(place, { chain, sizeBytes }));
	for (const entry of entries) {
		const appended = await ledger.append(entry);
		if (appended.is !== 'appended') throw new Error(`place ${entry.place} of ${chain}: ${JSON.stringify(appended)}`);
	}
	return entries;
}
