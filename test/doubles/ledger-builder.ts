/**
 * Small ledgers told line by line, for tests that need a run in some state. Deterministic: times, nonces and tokens
 * come from places, steps and attempts. Contents are sealed as the product seals them, so a store can hold the result.
 */
import { emptyState, type MemoryState } from '../../adapters/memory/store.ts';
import { type EpochMs, epochMs } from '../../core/ids.ts';
import { canonical, NO_HASH, sha256 } from '../../core/ledger/chain.ts';
import { seal } from '../../core/ledger/content.ts';
import { type Budget, type Entry, entry as entryShape, type Kind, type StoredEntry } from '../../core/ledger/entry.ts';
import { fold, type Opened, openedOf } from '../../core/ledger/fold.ts';
import type { RunState } from '../../core/ledger/state.ts';
import type { Folded } from '../../core/ledger/transition.ts';
import { type Line, SECOND_MS, type Written } from './ledger-lines.ts';

export * from './ledger-lines.ts';

export const RUN = 'run-1';
export const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
export const START = epochMs.parse(1_700_000_000_000);

export type Golden = {
	readonly stored: readonly StoredEntry[];
	readonly entries: readonly Entry[];
	/** What each entry's content says to the fold, by place. */
	readonly opened: readonly Opened[];
	readonly state: RunState;
};

/** A run told from its opening. @throws Error naming the line that may not follow. */
export const told = (...lines: readonly Line[]): Golden => tellOn(begun(), ...lines);

export function begun({
	driver = 'planner',
	budget = { steps: 100, turns: 100, spend: null },
}: {
	driver?: 'planner' | 'outside';
	budget?: Budget;
} = {}): Golden {
	const draft = { kind: 'opened', epoch: 0, agent: 'desk', driver, by: 'local:alice', budget, code: sha256('code') } as const;
	return placed(undefined, { draft, content: { task: 'a task' } });
}

export function tellOn(golden: Golden, ...lines: readonly Line[]): Golden {
	return lines.reduce<Golden>((before, line) => placed(before, line(before.state)), golden);
}

/** What folding one more line comes to, legal or not. */
export function foldLine({ state }: Golden, line: Line): Folded {
	const { entry, stored, opened } = entryOf(state, line(state));
	return fold(state, entry, sha256(stored.body), opened);
}

/** The ledger with one more line, or as it was where that line is illegal. */
export function tellIfLegal(golden: Golden, line: Line): Golden {
	const next = place(golden, line(golden.state));
	return typeof next === 'string' ? golden : next;
}

function placed(before: Golden | undefined, written: Written): Golden {
	const next = place(before, written);
	if (typeof next === 'string') throw new Error(next);
	return next;
}

function place(before: Golden | undefined, written: Written): Golden | string {
	const { entry, stored, opened } = entryOf(before?.state, written);
	const folded = fold(before?.state, entry, sha256(stored.body), opened);
	if (folded.is === 'illegal') return `place ${entry.place} may not be ${entry.kind}: ${folded.why}`;
	return {
		stored: [...(before?.stored ?? []), stored],
		entries: [...(before?.entries ?? []), entry],
		opened: [...(before?.opened ?? []), opened],
		state: folded.state,
	};
}

/** The entry that `written` is after `state`, as it would be stored. */
export function entryOf(
	state: RunState | undefined,
	{ draft, content, at }: Written,
): { entry: Entry; stored: StoredEntry; opened: Opened } {
	const place = state ? state.head.place + 1 : 0;
	const nonce = nonceOf(place);
	const sealed = content === undefined ? undefined : seal(KEY, { run: RUN, kind: draft.kind, nonce }, content);
	const entry = entryShape.parse({
		...draft,
		v: 1,
		run: RUN,
		place,
		prev: state?.head.hash ?? NO_HASH,
		at: at ?? (state ? state.head.at + SECOND_MS : START),
		gen: 'memory',
		nonce,
		...(sealed && { sealed: { bytes: Buffer.from(sealed).toString('base64url') } }),
	});
	const stored = { chain: RUN, place, body: canonical(entry) };
	return { entry, stored, opened: content === undefined ? {} : openedOf(entry, content) };
}

/** 12 bytes, the last four of which are the place. */
export function nonceOf(place: number): string {
	const bytes = Buffer.alloc(12);
	bytes.writeUInt32BE(place, 8);
	return bytes.toString('base64url');
}

/** What a store holds when this run is all there ever was. */
export function memoryOf(golden: Golden, key: Uint8Array | 'destroyed' | undefined = KEY): MemoryState {
	const state = emptyState();
	state.chains.set(RUN, [...golden.stored]);
	if (key) state.keys.set(RUN, key);
	return state;
}

/** The state that folding `entries` from `from` on comes to, beginning at that entry. */
export function foldedFrom(golden: Golden, from: number): Folded {
	let folded: Folded | undefined;
	for (const [place, entry] of golden.entries.entries()) {
		if (place < from) continue;
		const state = folded?.is === 'legal' ? folded.state : undefined;
		folded = fold(state, entry, sha256(golden.stored[place]?.body ?? ''), golden.opened[place]);
		if (folded.is === 'illegal') return folded;
	}
	return folded ?? { is: 'illegal', why: 'nothing to fold' };
}

export const placesOf = (golden: Golden, kind: Kind): number[] =>
	golden.entries.flatMap((entry) => (entry.kind === kind ? [entry.place] : []));
export const ms = (value: number): EpochMs => epochMs.parse(value);
