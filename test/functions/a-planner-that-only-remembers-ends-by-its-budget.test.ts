/** S5: saving memory is a turn. A planner that does nothing else comes to the end of its turns. */
import { expect, test } from 'vitest';
import type { Json } from '../../index.ts';
import { clerk } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

test('so many memories as turns, each read back the next time', async () => {
	const read: (Json | undefined)[] = [];
	const desk = install({
		agent: clerk(outsideWorld(), {
			budget: { turns: 4 },
			planner: ({ memory }) => {
				read.push(memory);
				return { memory: [memory ?? null] };
			},
		}),
	});
	await desk.run(null);
	const remembered = 'checkpoint with memory';
	expect(desk.lines()).toEqual(['opened', remembered, remembered, remembered, remembered, 'closed: exhausted']);
	expect(read).toEqual([undefined, [null], [[null]], [[[null]]]]);
});
