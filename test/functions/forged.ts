/** Honest worlds, and ways to falsify what was seen of them. */
import { expect } from 'vitest';
import { canonical, NO_HASH, sha256 } from '../../core/ledger/chain.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import type { Json } from '../../index.ts';
import { check, type FindingKind } from '../crash/checker/check.ts';
import type { Seen, Wanted } from '../crash/checker/seen.ts';
import { type StageOptions, stage } from '../crash/controls/stage.ts';
import { RUN } from '../doubles/driver.ts';
import type { Effect } from '../doubles/outside.ts';

/** One run, seen through. */
export async function seenThrough(
	task: Json,
	options: StageOptions = {},
	before?: (world: ReturnType<typeof stage>) => unknown,
): Promise<Seen> {
	const world = stage(options);
	await before?.(world);
	await world.run(task);
	return world.over();
}

/** What would have been seen had it gone as `change` says. The one that was seen stays as it was. */
export function forged(seen: Seen, change: (seen: Forgeable) => void): Seen {
	const copy = structuredClone(seen) as Forgeable;
	change(copy);
	return copy;
}
type Forgeable = { -readonly [K in keyof Seen]: Seen[K] extends readonly (infer Item)[] ? Item[] : Seen[K] };

/** The run's chain with other entries in it, renumbered and linked as if they had been written so. */
export function retell(seen: Forgeable, change: (entries: Entry[]) => Entry[]): void {
	const told = change((seen.state.chains.get(RUN) ?? []).map(({ body }) => JSON.parse(body)));
	let prev = NO_HASH;
	const chain = told.map((entry, place) => {
		const body = canonical({ ...entry, place, prev, ...(entry.kind === 'intent' && { readTo: place - 1 }) });
		prev = sha256(body);
		return { chain: RUN, place, body };
	});
	seen.state.chains.set(RUN, chain);
}

export const effectAt = (seen: Seen, sink: string): Effect => {
	const found = seen.journal.effects.find((effect) => effect.sink === sink);
	if (!found) throw new Error(`${sink} has done nothing`);
	return found;
};

/** Every call is about one business key, and costs something. */
export const keyed: StageOptions = {
	agent: { otherwise: { key: ({ what }) => what } },
	wanted: (wanted: Wanted) => ({ ...wanted, sure: true, key: 'it', spend: 60 }),
};

/** This is found, and nothing of any other kind. */
export const only = (kind: FindingKind, seen: Seen): void =>
	expect([...new Set(check(seen).map((finding) => finding.kind))]).toEqual([kind]);
