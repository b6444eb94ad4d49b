/** S2: a tool's process stops before it asks its guard and is granted when its own time is over: it does not begin. */
import { expect, test } from 'vitest';
import type { Naive } from '../schedules/world.ts';
import { once, type Scene, scene } from './in-turn.ts';

const lateGrant = (naive: Naive = {}) =>
	scene(
		['fax.send'],
		// Until it wakes nobody else reaches the tool, so that no other attempt stands in its way.
		[once('guard.ask', { is: 'pause', ms: 12_000 }), { at: 8, where: 'invoke', times: 20, what: { is: 'fault', fault: 'unavailable' } }],
		naive,
		{ rule: false, prompt: false },
	);
const notUsed = ({ world }: Scene) => expect(world.sinks.journal.arrived).toEqual([]);

test('what the guard hands out then is not used, and the attempt is settled as any that was cut off', async () => {
	const late = await lateGrant();
	expect(late.findings).toEqual([]);
	expect(late.world.functions.handedOut).toHaveLength(1);
	expect(late.world.functions.logged.map(({ message }) => message)).toContain(
		'the grant came when the time was over; the tool was not begun',
	);
	notUsed(late);
});

test('control: a tool whose runtime does not tell it the time begins, and the check sees it', async () => {
	const late = await lateGrant({ runtimeTellsNoTime: true });
	expect(() => notUsed(late)).toThrow();
});
