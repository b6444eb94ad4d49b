/**
 * A table restored from a backup lacks what was written since. Before anybody writes to it, everything that the archive holds
 * is put back where it stood, and then the table's present life is confirmed: guards and all others refuse until it is.
 *
 * A crash anywhere in here leaves a generation that is not confirmed; the next one begins again, and puts back what is missing.
 */
import type { Archive, Generation, LedgerItem } from '../../core/audit/archive-ports.ts';
import { claimIn, claimsFolder, entriesFolder, entryIn } from '../../core/audit/archived.ts';
import { tamperedAt } from '../../core/audit/finding.ts';
import { type ArchiveSurroundings, raise } from './archive.ts';

export type PutBackSurroundings = ArchiveSurroundings & {
	readonly generation: Generation;
	readonly remainingMs: () => number;
	/** Where an earlier reading of this process had to stop. */
	readonly from: { entries?: string | undefined; claims?: string | undefined };
};
export type PutBackAnswer =
	| { readonly is: 'confirmed-before' }
	| { readonly is: 'confirmed'; readonly putBack: number }
	/** Not through yet; the next one goes on. */
	| { readonly is: 'going-on'; readonly putBack: number }
	/** Something else stands where entries stood. Nobody may write until a person has looked. */
	| { readonly is: 'in-the-way'; readonly items: number };

const NAMES_PER_PAGE = 500;
const SIDE_BY_SIDE = 16;
const RESERVE_MS = 20_000;

/** @throws what a port throws: it is then asked again. */
export async function putBack(around: PutBackSurroundings): Promise<PutBackAnswer> {
	if (await around.generation.isConfirmed()) return { is: 'confirmed-before' };
	const sum = { put: 0, other: 0, findings: 0 };
	// Claims first: with an entry alone, whoever came before the crash would hold no key.
	for (const folder of ['claims', 'entries'] as const) {
		if (!(await putBackAll(folder, around, sum))) return { is: 'going-on', putBack: sum.put };
	}
	if (sum.other > 0) return { is: 'in-the-way', items: sum.other };
	await around.generation.confirm();
	return { is: 'confirmed', putBack: sum.put };
}

type Sum = { put: number; other: number; findings: number };

async function putBackAll(folder: 'claims' | 'entries', around: PutBackSurroundings, sum: Sum): Promise<boolean> {
	const prefix = folder === 'claims' ? claimsFolder : entriesFolder;
	for (;;) {
		if (around.remainingMs() < RESERVE_MS) return false;
		const names = await around.archive.list(prefix, { after: around.from[folder], limit: NAMES_PER_PAGE });
		for (let start = 0; start < names.length; start += SIDE_BY_SIDE) {
			await Promise.all(names.slice(start, start + SIDE_BY_SIDE).map((name) => putBackOne(name, around, sum)));
		}
		// What is in the way keeps a reading from going on behind it: it is looked at again until a person has helped.
		if (sum.other === 0) around.from[folder] = names.at(-1) ?? around.from[folder];
		if (names.length < NAMES_PER_PAGE || sum.other > 0) return true;
	}
}

async function putBackOne(name: string, around: PutBackSurroundings, sum: Sum): Promise<void> {
	const item = await itemIn(name, around.archive);
	if (!item) {
		sum.other += 1;
		return raise({ about: '@record', cause: `item ${name}`, why: `${name} in the archive is not of its shape` }, around, sum);
	}
	const end = await around.generation.putBack(item);
	if (end === 'put') sum.put += 1;
	if (end !== 'other') return;
	sum.other += 1;
	const [about, cause] = item.is === 'entry' ? [item.entry.chain, tamperedAt(item.entry.place)] : ['@record', `claim ${name}`];
	await raise({ about, cause, why: `the restored table holds something else than ${name} in the archive` }, around, sum);
}

async function itemIn(name: string, from: Archive): Promise<LedgerItem | undefined> {
	const text = (await from.get(name)) ?? '';
	const entry = entryIn({ name, text });
	if (entry) return { is: 'entry', entry };
	const claim = claimIn({ name, text });
	return claim && { is: 'claim', claim };
}
