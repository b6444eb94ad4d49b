/**
 * S2: an attempt stops right before it calls its target, and wakes when its window is over and its step settled. Either its
 * session has ended, and the target turns it away, or the runtime has ended its process. Whoever waited for it was right to.
 */
import { expect, test } from 'vitest';
import { once, scene } from './in-turn.ts';

/** Past every wait. */
const LATE_MS = 45_000;
const pausedAtItsTarget = [once('sink.act', { is: 'pause', ms: LATE_MS })];

test.for(['fax.send', 'parcel.send', 'pay.trace'] as const)('%s: its session has ended, and its target turns it away', async (tool) => {
	const { world, findings } = await scene([tool], pausedAtItsTarget);
	expect(findings).toEqual([]);
	expect(world.lives.counts.outlived).toBe(1);
	expect(world.counts.expired).toBe(1);
	expect(world.sinks.journal.effects.length).toBeLessThanOrEqual(1);
});

test.for(['letter.send', 'crate.send', 'pay.send'] as const)('%s: the runtime has ended its process', async (tool) => {
	const { world, findings } = await scene([tool], pausedAtItsTarget);
	expect(findings).toEqual([]);
	expect(world.lives.counts).toMatchObject({ ended: 1, outlived: 0 });
	expect(world.sinks.journal.effects.length).toBeLessThanOrEqual(1);
});

test.for(['file.read', 'book.post'] as const)('%s: nothing fences it, and nothing has to', async (tool) => {
	const { world, findings } = await scene([tool], pausedAtItsTarget);
	expect(findings).toEqual([]);
	expect(world.lives.counts.outlived).toBe(1);
	expect(world.state.items.get(JSON.stringify(['book', 'a']))).toEqual(tool === 'book.post' ? { posted: 1 } : undefined);
});

test('control: a target that checks no sessions does it after a person has said that it failed, and the check sees it', async () => {
	const { findings } = await scene(['fax.send'], pausedAtItsTarget, { targetsCheckNoSessions: true });
	expect(findings).toContain('guessed');
});

test('control: a runtime that ends nothing lets it happen where nothing else fences, and the check sees it', async () => {
	const { findings } = await scene(['letter.send'], pausedAtItsTarget, { runtimeEndsNothing: true });
	expect(findings).toContain('guessed');
});
