/**
 * The archive made anew from the table, and compared with it. A stream forgets after a day; what it never brought is archived here,
 * and what the archive holds and the table no longer does is a finding.
 */
import { chainFolder, entryIn, entryName, entryObject } from '../../core/audit/archived.ts';
import { tamperedAt } from '../../core/audit/finding.ts';
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Ledger } from '../../core/ports.ts';
import { type ArchiveCounts, type ArchiveSurroundings, keepEntry, raise } from './archive.ts';

export type CompareSurroundings = ArchiveSurroundings & { readonly ledger: Ledger };
/** `entries`: those that the archive lacked. `next`: where to go on, when there was no time for the rest. */
export type Compared = ArchiveCounts & { readonly last: number; readonly next: number | undefined };

const NAMES_PER_PAGE = 1_000;
/** A page of entries with all that is asked about each, and the names that go with it. */
const RESERVE_MS = 60_000;

/** One chain: a run's, or a control chain's. @throws what a port throws: it is then asked again. */
export async function compare(
	chain: string,
	around: CompareSurroundings,
	{ from = 0, remainingMs = () => Number.POSITIVE_INFINITY }: { from?: number; remainingMs?: () => number } = {},
): Promise<Compared> {
	const counts: ArchiveCounts = { entries: 0, known: 0, claims: 0, findings: 0, failed: 0 };
	const inTable = new Set<number>();
	let last: StoredEntry | undefined;
	let next: number | undefined;
	while (next === undefined) {
		const page = await around.ledger.read(chain, { from: last ? last.place + 1 : from, limit: ENTRIES_PER_QUERY });
		for (const entry of page) {
			inTable.add(entry.place);
			const { name, text } = entryObject(entry);
			// Its links were checked when it was archived; asking costs a twelfth of putting.
			if ((await around.archive.get(name)) === text) counts.known += 1;
			else await keepEntry(entry, around, counts);
		}
		last = page.at(-1) ?? last;
		if (page.length < ENTRIES_PER_QUERY) break;
		if (remainingMs() < RESERVE_MS && last) next = last.place + 1;
	}
	await missing(chain, { inTable, from, before: next ?? Number.POSITIVE_INFINITY }, around, counts);
	return { ...counts, last: last?.place ?? from - 1, next };
}

type Stretch = { readonly inTable: ReadonlySet<number>; readonly from: number; readonly before: number };

async function missing(
	chain: string,
	{ inTable, from, before }: Stretch,
	around: CompareSurroundings,
	counts: ArchiveCounts,
): Promise<void> {
	let after = from > 0 ? entryName({ chain, place: from - 1 }) : undefined;
	for (;;) {
		const names = await around.archive.list(chainFolder(chain), { after, limit: NAMES_PER_PAGE });
		for (const name of names) {
			const place = Number(/\/(\d{9})\.json$/.exec(name)?.[1] ?? Number.NaN);
			if (place >= before) return;
			if (inTable.has(place)) continue;
			// Appended since the table was read, or gone from it.
			const [now] = await around.ledger.read(chain, { from: place, limit: 1 });
			const text = (await around.archive.get(name)) ?? '';
			const known = entryIn({ name, text });
			if (now?.place === place && now.body === known?.body) continue;
			await raise(
				{ about: chain, cause: tamperedAt(place), why: `place ${place} is archived, and is not in the ledger any more` },
				around,
				counts,
			);
		}
		after = names.at(-1);
		if (names.length < NAMES_PER_PAGE) return;
	}
}
