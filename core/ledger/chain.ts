/**
 * Canonical bytes, their hash, and the chain of hashes (L2).
 * @see docs/spec/ledger.md
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Entry, entry as entryShape, type StoredEntry } from './entry.ts';
import { notPlain, ordered } from './ordered.ts';

/** What the first entry of a chain names as the one before it. */
export const NO_HASH = '0'.repeat(64);

/**
 * The RFC 8785 form of a JSON value.
 *
 * @throws TypeError for what JSON cannot hold (NaN, lone surrogates, cycles).
 */
export function canonical(value: unknown): string {
	let text: string | undefined;
	try {
		text = written(value) ?? canonicalize(value);
	} catch (error) {
		throw new TypeError(`not representable as JSON: ${error instanceof Error ? error.message : String(error)}`);
	}
	if (text === undefined) throw new TypeError('not representable as JSON: undefined');
	return text;
}

/** The same form by a shorter way, where there is one. */
function written(value: unknown): string | undefined {
	const copy = ordered(value);
	const text = copy === notPlain ? undefined : JSON.stringify(copy);
	// It escapes half a surrogate pair, which RFC 8785 refuses. Text that merely looks like it takes the longer way.
	return text?.includes('\\ud') ? undefined : text;
}

/** SHA-256 over the UTF-8 bytes of `text`, in hex. */
export const sha256 = (text: string | Uint8Array): string => hash('sha256', text);

/** The hash by which the next entry names this one: over the stored bytes as they are. */
export const hashOf = (stored: StoredEntry): string => sha256(stored.body);

export type ParsedEntry = { readonly entry: Entry; readonly hash: string };
export type Unparsable = { readonly broken: string };

/**
 * Reads a stored entry back: its shape, and that it stands where it says.
 * Whether the bytes are canonical is for `verifyChain`; the hash is over the bytes either way.
 */
export function parseStored(stored: StoredEntry): ParsedEntry | Unparsable {
	let value: unknown;
	try {
		value = JSON.parse(stored.body);
	} catch {
		return { broken: `place ${stored.place} of ${stored.chain} is not JSON` };
	}
	const parsed = entryShape.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		return { broken: `place ${stored.place} of ${stored.chain} is not an entry: ${issue?.path.join('.')}: ${issue?.message}` };
	}
	if (parsed.data.run !== stored.chain || parsed.data.place !== stored.place) {
		return { broken: `place ${stored.place} of ${stored.chain} holds an entry of place ${parsed.data.place} of ${parsed.data.run}` };
	}
	return { entry: parsed.data, hash: hashOf(stored) };
}

export type ChainCheck = { is: 'whole'; entries: number; head: string } | { is: 'broken'; place: number; why: string };

/** Checks places, links and canonical form over stored bytes alone: no key, no fold. */
export function verifyChain(chain: string, entries: Iterable<StoredEntry>): ChainCheck {
	let place = 0;
	let head = NO_HASH;
	for (const stored of entries) {
		const why = breakAt(stored, { chain, place, prev: head });
		if (why) return { is: 'broken', place, why };
		head = hashOf(stored);
		place += 1;
	}
	return { is: 'whole', entries: place, head };
}

function breakAt(stored: StoredEntry, expected: { chain: string; place: number; prev: string }): string | undefined {
	if (stored.chain !== expected.chain || stored.place !== expected.place) {
		return `expected place ${expected.place} of ${expected.chain}, found place ${stored.place} of ${stored.chain}`;
	}
	let value: Record<string, unknown>;
	try {
		value = JSON.parse(stored.body);
	} catch {
		return 'not JSON';
	}
	if (value?.run !== expected.chain || value.place !== expected.place) return 'names another place';
	if (value.prev !== expected.prev) return `names ${String(value.prev)} as the entry before it; that is ${expected.prev}`;
	return isCanonical(value, stored.body) ? undefined : 'not in canonical form';
}

/** An escaped lone surrogate parses as JSON and has no canonical form. */
export function isCanonical(value: unknown, body: string): boolean {
	try {
		return canonical(value) === body;
	} catch {
		return false;
	}
}
