/** A1: over a thousand random runs that crash, race and recover, with the trail AWS would keep of them: not one finding. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconcile } from '../../core/audit/reconcile.ts';
import { plans } from '../crash/schedules/plan.ts';
import { entriesOf } from '../crash/schedules/reports.ts';
import { play } from '../crash/schedules/world.ts';
import { linesOf } from '../doubles/lines.ts';
import { honestly, livedOf, reconciling } from './honest-runs.ts';

const SCHEDULES = 1_000;
const SEED = 20_26;

// The only real timers here would tell tools to hurry, seconds from now; in this world nobody waits for those.
const { setTimeout: real } = globalThis;
beforeAll(() => {
	globalThis.setTimeout = Object.assign(() => ({}) as NodeJS.Timeout, { __promisify__: real.__promisify__ });
});
afterAll(() => {
	globalThis.setTimeout = real;
});

test('honest runs', { timeout: 240_000 }, async () => {
	const seen = new Map<string, number>();
	let runs = 0;
	const turns = fc.noShrink(fc.noBias(fc.integer()));
	await fc.assert(
		fc.asyncProperty(plans, turns, async (plan, turnSeed) => {
			const [scheduler] = fc.sample(fc.scheduler(), { seed: turnSeed, numRuns: 1 });
			if (!scheduler) throw new Error('fast-check made no scheduler');
			const world = await play(honestly(plan), scheduler);
			for (const run of world.runs) {
				const lived = livedOf(world, run);
				if (lived.stored.length === 0) continue;
				const { findings, notes } = reconcile(reconciling(lived));
				if (findings.length > 0)
					throw new Error([...findings.map((one) => JSON.stringify(one)), ...linesOf(entriesOf(world.state, run))].join('\n'));
				runs += 1;
				for (const { kind } of notes) seen.set(kind, (seen.get(kind) ?? 0) + 1);
			}
		}),
		{ seed: SEED, numRuns: SCHEDULES },
	);
	expect(runs).toBeGreaterThanOrEqual(SCHEDULES);
	// They were not trivial: sessions were issued for nothing, calls refused, keys replayed.
	for (const kind of ['unused-session', 'refused-call', 'replayed']) expect([kind, seen.get(kind) ?? 0]).not.toEqual([kind, 0]);
});
