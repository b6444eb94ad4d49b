/** A read changes nothing outside, so an attempt that was cut off is granted again at once, without any wait. */
import { expect, test } from 'vitest';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { CUT_OFF, outsideWorld } from '../doubles/outside.ts';

test.for(CUT_OFF)('%s', async (fate) => {
	const outside = outsideWorld();
	outside.next('file', fate);
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('file.read')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'granted 1.2', 'done 1.2 by tool', 'closed: finished']);
	expect(desk.waits).toEqual([]);
	expect(desk.check()).toMatchObject({ is: 'whole' });
});
