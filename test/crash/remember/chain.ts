/** `core/ledger/chain.ts`, which parses each stored entry once. */
import { type ParsedEntry, parseStored as parse, type Unparsable } from '../../../core/ledger/chain.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import { remembered } from './remembered.ts';

export * from '../../../core/ledger/chain.ts';

const parsed = remembered<string, { readonly chain: string; readonly place: number; readonly is: ParsedEntry | Unparsable }>('an entry');

export function parseStored(stored: StoredEntry): ParsedEntry | Unparsable {
	const { chain, place, body } = stored;
	const known = parsed.of(body, () => ({ chain, place, is: parse(stored) }));
	if (known.chain !== chain || known.place !== place) return parse(stored);
	// What a process knows of an entry hangs on the object: another process has one of its own.
	return 'entry' in known.is ? { entry: { ...known.is.entry }, hash: known.is.hash } : known.is;
}
