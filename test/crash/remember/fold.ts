/** `core/ledger/fold.ts`, which folds each entry into the state before it once. Entries are told by their hashes. */
import type { Entry } from '../../../core/ledger/entry.ts';
import { type Opened, fold as once } from '../../../core/ledger/fold.ts';
import type { RunState } from '../../../core/ledger/state.ts';
import { type Remembered, remembered } from './remembered.ts';

export * from '../../../core/ledger/fold.ts';

type Folded = ReturnType<typeof once>;
/** States grow, and each is kept whole. */
const STATES = 30_000;
let states = 0;
let begun = remembered<string, Folded>('a beginning');
let after = new WeakMap<RunState, Remembered<string, Folded>>();

export function fold(state: RunState | undefined, entry: Entry, hash: string, opened: Opened = {}): Folded {
	const known = state ? (after.get(state) ?? remembered<string, Folded>('a state')) : begun;
	if (state) after.set(state, known);
	const asked = opened.facts ? `${hash} ${JSON.stringify(opened.facts)}` : hash;
	return known.of(asked, () => {
		states += 1;
		if (states > STATES) {
			states = 0;
			begun = remembered('a beginning');
			after = new WeakMap();
		}
		return once(state, entry, hash, opened);
	});
}
