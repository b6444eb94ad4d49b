/**
 * The ledger's table as it changes, written where nobody can change it, and checked as it flows: entries link to their
 * neighbours in whatever order they come, and whatever replaces or removes an item is a finding at once (L1, L2).
 *
 * A crash anywhere in here leaves changes that the stream delivers again; an entry archived twice is one object.
 */
import type { Archive, TableChange } from '../../core/audit/archive-ports.ts';
import { brokenLink, changesFolder, claimObject, entryIn, entryName, entryObject, malformed } from '../../core/audit/archived.ts';
import { type Finding, findingOf, tamperedAt } from '../../core/audit/finding.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Findings } from '../../core/ports.ts';

export type ArchiveSurroundings = {
	readonly archive: Archive;
	readonly findings: Findings;
	readonly log: (line: { name: string; message: string }) => void;
};
export type ArchiveCounts = { entries: number; known: number; claims: number; findings: number; failed: number };
/** `failed`: where the stream has to begin again. */
export type ArchiveAnswer = { readonly failed: string | undefined; readonly counts: ArchiveCounts };

/** In the stream's order, up to the first change that can't be written down: what follows it comes again with it. */
export async function archive(changes: readonly TableChange[], around: ArchiveSurroundings): Promise<ArchiveAnswer> {
	const counts: ArchiveCounts = { entries: 0, known: 0, claims: 0, findings: 0, failed: 0 };
	const remembered = { ...around, archive: remembering(around.archive) };
	for (const change of changes) {
		try {
			await take(change, remembered, counts);
		} catch (error) {
			around.log({
				name: error instanceof Error ? error.name : 'unknown',
				message: `change ${change.sequenceNumber} is to be delivered again`,
			});
			counts.failed = 1;
			return { failed: change.sequenceNumber, counts };
		}
	}
	return { failed: undefined, counts };
}

async function take(change: TableChange, around: ArchiveSurroundings, counts: ArchiveCounts): Promise<void> {
	if (change.how === 'confirmed') return;
	if (change.how === 'insert') {
		if (change.item.is === 'entry') await keepEntry(change.item.entry, around, counts);
		else
			await keepObject(
				claimObject(change.item.claim),
				{ about: '@record', cause: `claim ${claimObject(change.item.claim).name}` },
				around,
				counts,
			);
		return;
	}
	const { about, place, what, body, how } = change;
	// First what is there now: it may be gone again soon.
	await around.archive.put(`${changesFolder}${change.sequenceNumber}.json`, `${JSON.stringify({ how, about, place, what, body })}\n`);
	const cause = place === null ? `item ${what}` : tamperedAt(place);
	const why = { changed: 'was replaced', removed: 'was removed', foreign: 'was put into the ledger, and nothing of ours puts it' }[how];
	await raise({ about, cause, why: `${what} ${why}` }, around, counts);
}

/** Of three entries in a row, whichever comes last finds whether the first two link. What nothing follows is left to reconciling. */
export async function keepEntry(entry: StoredEntry, around: ArchiveSurroundings, counts: ArchiveCounts): Promise<void> {
	const { chain, place } = entry;
	if (!(await keepObject(entryObject(entry), { about: chain, cause: tamperedAt(place) }, around, counts))) return;
	const why = malformed(entry);
	if (why) return raise({ about: chain, cause: tamperedAt(place), why }, around, counts);
	const at = (other: number) => (other < 0 ? undefined : archived(around.archive, chain, other));
	const [before, after] = await Promise.all([at(place - 1), at(place + 1)]);
	// Each of its neighbours may have waited for it to be judged; only where there is one is it worth asking for the next.
	const [first, last] = await Promise.all([before && at(place - 2), after && at(place + 2)]);
	const links = [
		first && before && brokenLink(first, before, entry),
		before && after && brokenLink(before, entry, after),
		after && last && brokenLink(entry, after, last),
	];
	for (const link of links) if (link) await raise({ about: chain, cause: tamperedAt(link.place), why: link.why }, around, counts);
}

/** What a batch has put stands as it was put, and needs no asking: most entries come right after those before them. */
function remembering(objects: Archive): Archive {
	const put = new Map<string, string>();
	return {
		...objects,
		put: async (name, text) => {
			const end = await objects.put(name, text);
			put.set(name, end === 'kept' ? text : end.there);
			return end;
		},
		get: async (name) => put.get(name) ?? objects.get(name),
	};
}

export async function archived(from: Pick<Archive, 'get'>, chain: string, place: number): Promise<StoredEntry | undefined> {
	const name = entryName({ chain, place });
	const text = await from.get(name);
	return text === undefined ? undefined : entryIn({ name, text });
}

/** Whether it stands as it is now. */
async function keepObject(
	{ name, text }: { name: string; text: string },
	{ about, cause }: Pick<Finding, 'about' | 'cause'>,
	around: ArchiveSurroundings,
	counts: ArchiveCounts,
): Promise<boolean> {
	const end = await around.archive.put(name, text);
	if (end === 'kept') counts[name.startsWith('claims/') ? 'claims' : 'entries'] += 1;
	else if (end.there === text) counts.known += 1;
	else {
		await raise({ about, cause, why: `${name} is archived, and now says otherwise` }, around, counts);
		return false;
	}
	return true;
}

export async function raise(
	{ about, cause, why }: Pick<Finding, 'about' | 'cause' | 'why'>,
	{ findings, log }: Pick<ArchiveSurroundings, 'findings' | 'log'>,
	counts: { findings: number },
): Promise<void> {
	// Names of the table's are somebody else's: cut in the midst of a pair, one would have no digest, and stop the stream.
	const [cut, said] = [cause.slice(0, 200).toWellFormed(), why.slice(0, 1_000).toWellFormed()];
	const finding = findingOf({ kind: 'tampered-entry', about, cause: cut, why: said, restsOn: 'ledger' });
	if ((await findings.raise(finding)) !== 'raised') return;
	counts.findings += 1;
	log({ name: finding.kind, message: JSON.stringify(finding) });
}
