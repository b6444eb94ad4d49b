/**
 * Entries and claims as the archive holds them: one object each, named by its place, one line of JSON that a person can read
 * and Athena can query. The bytes that were hashed stand in it as they were.
 * @see docs/spec/archive.md
 */
import * as z from 'zod';
import { chainId, toolName } from '../ids.ts';
import { jsonText } from '../json-text.ts';
import { canonical, hashOf, isCanonical, parseStored, sha256 } from '../ledger/chain.ts';
import type { StoredEntry } from '../ledger/entry.ts';
import type { Claim } from '../ports.ts';

export type ArchivedObject = { readonly name: string; readonly text: string };

export const entriesFolder = 'entries/';
export const claimsFolder = 'claims/';
export const changesFolder = 'changes/';

/** Control chains have characters that Athena would escape; no run id has a dot. */
const folderOf = (chain: string): string => `${entriesFolder}chain=${chain.replace(/^@/, 'control.').replace(':', '.')}/`;
const digits = (number: number): string => String(number).padStart(9, '0');
export const chainFolder = folderOf;
export const entryName = ({ chain, place }: Pick<StoredEntry, 'chain' | 'place'>): string => `${folderOf(chain)}${digits(place)}.json`;

/** What a column of the table shows; the entry itself has more. */
const shown = ['kind', 'epoch', 'agent', 'step', 'verdict', 'reason', 'effect', 'attempt', 'result', 'by', 'gen'] as const;

export function entryObject(stored: StoredEntry): ArchivedObject {
	const parsed = parseStored(stored);
	const fields: Record<string, unknown> = 'entry' in parsed ? parsed.entry : {};
	const at = typeof fields.at === 'number' ? new Date(fields.at).toISOString() : null;
	const columns = Object.fromEntries(shown.map((name) => [name, fields[name] ?? null]));
	const text = JSON.stringify({ place: stored.place, at, ...columns, hash: hashOf(stored), run: stored.chain, body: stored.body });
	return { name: entryName(stored), text: `${text}\n` };
}

export const claimObject = (claim: Claim): ArchivedObject => ({
	name: `${claimsFolder}tool=${claim.tool}/${sha256(claim.key)}/${digits(claim.n)}.json`,
	text: `${canonical({ ...claim })}\n`,
});

const entryText = jsonText(z.object({ run: chainId, place: z.int().min(0), body: z.string(), hash: z.string() }));
const claimText = jsonText(
	z.strictObject({
		tool: toolName,
		key: z.string(),
		n: z.int().min(1),
		run: z.string(),
		step: z.int().min(1),
		hint: z.int().min(0),
	}),
);

/** `undefined` for what is no entry, or lies under another name than its own. */
export function entryIn({ name, text }: ArchivedObject): StoredEntry | undefined {
	const parsed = entryText.safeParse(text);
	if (!parsed.success) return undefined;
	const stored = { chain: parsed.data.run, place: parsed.data.place, body: parsed.data.body };
	return entryName(stored) === name && hashOf(stored) === parsed.data.hash ? stored : undefined;
}

export function claimIn({ name, text }: ArchivedObject): Claim | undefined {
	const parsed = claimText.safeParse(text);
	return parsed.success && claimObject(parsed.data).name === name ? parsed.data : undefined;
}

/** Why the bytes of an entry can't be one, whatever stands beside it. */
export function malformed(stored: StoredEntry): string | undefined {
	const parsed = parseStored(stored);
	if ('broken' in parsed) return parsed.broken;
	return isCanonical(JSON.parse(stored.body), stored.body) ? undefined : `place ${stored.place} is not in canonical form`;
}

/**
 * Where two entries that follow each other do not link, and why. As in reconciling, it is the later one that is charged if
 * what follows it does not name it either, otherwise the earlier; so both ways of finding it give one finding. Before
 * something follows, either may be the forged one: charging one of them then could charge an honest entry besides.
 */
export function brokenLink(
	earlier: StoredEntry,
	later: StoredEntry,
	next: StoredEntry,
): { readonly place: number; readonly why: string } | undefined {
	const [prev, named] = [prevOf(later), prevOf(next)];
	if (prev === undefined || named === undefined || prev === hashOf(earlier)) return undefined;
	const { place } = named === hashOf(later) ? earlier : later;
	return { place, why: `place ${later.place} names another entry before it than the one at place ${earlier.place}` };
}

function prevOf(stored: StoredEntry): string | undefined {
	const parsed = parseStored(stored);
	return 'entry' in parsed ? parsed.entry.prev : undefined;
}
