/** The crash checker's other half: a world that was broken at a port call, and came through, gives it nothing to find. */
import { expect, test } from 'vitest';
import { faults } from '../../adapters/memory/faults.ts';
import { check, counts } from '../crash/checker/check.ts';
import type { Seen } from '../crash/checker/seen.ts';
import { stage, unsure } from '../crash/controls/stage.ts';
import type { FunctionsOptions } from '../doubles/functions.ts';
import { tasks } from './errand.ts';

const names = Object.keys(tasks) as (keyof typeof tasks)[];

async function seen(name: keyof typeof tasks, fault?: FunctionsOptions['fault']): Promise<Seen> {
	const world = stage({ ...(fault && { fault }) });
	await world.run(tasks[name]);
	return world.over();
}

test.for(names)('undisturbed, %s', async (name) => {
	const world = await seen(name);
	expect(check(world)).toEqual([]);
	expect(counts(world)).toMatchObject({ fail: 0, unknown: 0, isEvidence: true });
});

test.for(names.flatMap((name) => faults.map((fault) => [name, fault] as const)))('%s, broken here and there: %s', async ([name, fault]) => {
	for (let index = 1; index < 200; index += 23) {
		const world = await seen(name, (call) => (call.index === index ? fault : undefined));
		expect([index, check(world)]).toEqual([index, []]);
		expect(counts(world).isEvidence).toBe(true);
	}
});

test('a run in which nothing succeeded is no evidence', async () => {
	const world = stage({ fault: () => 'unavailable', wanted: unsure });
	await world.run(tasks['one after another']);
	expect(counts(await world.over()).isEvidence).toBe(false);
});
