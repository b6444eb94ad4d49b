/** What all schedules together came to. */
import { type Counts, counts } from '../checker/check.ts';
import { type Reached, reach, wantedReached } from './reached.ts';
import { seen } from './seen.ts';
import type { World } from './world.ts';

export type Tally = {
	readonly digests: Set<string>;
	schedules: number;
	/** In which nothing succeeded: they say nothing, and do not count. */
	empty: number;
	ok: number;
	fail: number;
	unknown: number;
	crossings: number;
	pauses: number;
	skews: number;
	readonly zombieWrites: { attempted: number; refused: number; testimony: number };
	readonly fired: Map<string, number>;
	readonly reached: Reached;
};

export const emptyTally = (): Tally => ({
	digests: new Set(),
	schedules: 0,
	empty: 0,
	ok: 0,
	fail: 0,
	unknown: 0,
	crossings: 0,
	pauses: 0,
	skews: 0,
	zombieWrites: { attempted: 0, refused: 0, testimony: 0 },
	fired: new Map(),
	reached: new Map(wantedReached.map((what) => [what, 0])),
});

export function take(tally: Tally, world: World): void {
	const counted: Counts = counts(seen(world));
	tally.schedules += 1;
	if (counted.isEvidence) tally.digests.add(world.turns.digest());
	else tally.empty += 1;
	tally.ok += counted.ok;
	tally.fail += counted.fail;
	tally.unknown += counted.unknown;
	tally.crossings += world.turns.crossings();
	tally.pauses += world.lives.counts.paused;
	tally.skews += world.lives.counts.skewed;
	// At their targets, zombies with an ended session; at the ledger, writes of an epoch that was over.
	const turnedAway = world.counts.expired;
	tally.zombieWrites.attempted += counted.fencedWrites.attempted + turnedAway;
	tally.zombieWrites.refused += counted.fencedWrites.refused + turnedAway;
	tally.zombieWrites.testimony += counted.fencedWrites.testimony;
	for (const [kind, times] of world.turns.fired) tally.fired.set(kind, (tally.fired.get(kind) ?? 0) + times);
	reach(tally.reached, world);
}

/** What the schedules should have come by and did not. */
export const neverReached = (tally: Tally): string[] => wantedReached.filter((what) => (tally.reached.get(what) ?? 0) === 0);
