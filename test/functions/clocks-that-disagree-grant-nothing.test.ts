/** I2: a guard whose clock disagrees with the credential broker's by more than the margin hands nothing out; set right, the run goes on. */
import { expect, test } from 'vitest';
import { EXPIRY_CUT_MS, RESUMES_WITHOUT_PROGRESS } from '../../core/bounds.ts';
import { status } from '../../functions/status/status.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** STS answers in whole seconds, so that it seems to be behind by up to one. */
const BEHIND_MS = MARGIN_MS + EXPIRY_CUT_MS;

test.for([MARGIN_MS + 1, -BEHIND_MS - 1, 3_600_000])('%i ms apart', async (aheadMs) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	desk.issuer.aheadMs = aheadMs;
	await desk.run(plans([call('letter.send')]));
	expect(desk.handedOut).toEqual([]);
	expect(desk.lines()).toEqual([
		'opened',
		'planned 1',
		...Array.from({ length: RESUMES_WITHOUT_PROGRESS }, (_, index) => `resumed ${index + 1}: recovery`),
	]);
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ status: 'stuck' });
	expect(desk.invocations.map(({ error }) => error?.name)).toContain('ClocksDisagree');

	desk.issuer.aheadMs = 0;
	await desk.recover(RUN, 'person');
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(outside.effects).toHaveLength(1);
});

test.for([MARGIN_MS, -BEHIND_MS])('%i ms apart is within the margin', async (aheadMs) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	desk.issuer.aheadMs = aheadMs;
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().at(-1)).toBe('closed: finished');
});
