/** A target that honours keys is sent the same one again, for as long as it says that it does; after that nobody guesses. */
import { expect, test } from 'vitest';
import { EXPIRY_CUT_MS } from '../../core/bounds.ts';
import { decide } from '../../functions/decide/decide.ts';
import type { Input } from '../doubles/clerk.ts';
import { call, clerk, clerkTools, HONOURED_MS, plans, TIMEOUT_SECONDS } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { CUT_OFF, type Outside, outsideWorld } from '../doubles/outside.ts';

const honouring = (): Outside => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay').add('trace');
	return outside;
};
const once = (outside: Outside, sink: string) => expect(outside.effectsOf(sink)).toHaveLength(1);

test.for(CUT_OFF)('%s: granted again at once with the same key, and it happens once', async (fate) => {
	const outside = honouring();
	outside.next('pay', fate);
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'granted 1.2', 'done 1.2 by tool', 'closed: finished']);
	expect(new Set(outside.arrived.map(({ key }) => key)).size).toBe(1);
	once(outside, 'pay');
});

test('control: a key of the attempt, not of the step, and the check sees two effects', async () => {
	const outside = honouring();
	outside.next('pay', 'dies-after');
	const tools = clerkTools(outside).map((tool) => ({
		...tool,
		run: (input: unknown, context: Parameters<typeof tool.run>[1]) =>
			tool.run(input as Input, { ...context, idempotencyKey: `${context.idempotencyKey}.${context.attempt}` }),
	}));
	await install({ agent: clerk(outside, { tools }) }).run(plans([call('pay.send')]));
	expect(() => once(outside, 'pay')).toThrow();
});

/** An attempt granted now must end, with margins on both sides and clocks that may be wrong, before the target forgets the first one's key. */
const LAST_MS = HONOURED_MS - TIMEOUT_SECONDS * 1000 - 3 * MARGIN_MS - 2 * EXPIRY_CUT_MS;

test('at the last moment the key is still used', async () => {
	const outside = honouring();
	const desk = cutOffFor(LAST_MS, outside);
	await desk.run(plans([call('pay.send')]));
	expect(desk.lines().slice(2, 5)).toEqual(['granted 1.1', 'granted 1.2', 'done 1.2 by tool']);
});

test('a millisecond later it is not: the step waits, then asks a person', async () => {
	const outside = honouring();
	const desk = cutOffFor(LAST_MS + 1, outside);
	await desk.run(plans([call('pay.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'held 1: doubt']);
	expect(desk.waits).toEqual([{ step: 1, seconds: TIMEOUT_SECONDS + 1 }]);
	once(outside, 'pay');
	await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: { receipt: 'by phone' }, note: 'asked them' } }, desk.operator);
	await desk.recover();
	expect(desk.lines().slice(4)).toEqual(['done 1.1 by person', 'resumed 1: answer', 'closed: finished']);
});

test('a target that can be asked is asked then, and what it found ends the step', async () => {
	const outside = honouring();
	const desk = cutOffFor(HONOURED_MS, outside);
	await desk.run(plans([call('pay.trace')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'asked about 1.1', 'done 1.1 by target', 'closed: finished']);
	once(outside, 'trace');
});

test('asked, it has no trace of it: granted again with the same key, whose time begins anew', async () => {
	const outside = honouring();
	const desk = cutOffFor(HONOURED_MS, outside, 'dies-before', 'dies-after');
	await desk.run(plans([call('pay.trace')]));
	expect(desk.lines().slice(2)).toEqual([
		'granted 1.1',
		'asked about 1.1',
		'failed 1.1 by target',
		'granted 1.2',
		'granted 1.3',
		'done 1.3 by tool',
		'closed: finished',
	]);
	expect(new Set(outside.arrived.map(({ key }) => key)).size).toBe(1);
	once(outside, 'trace');
});

test('control: a target that forgets its keys early does it twice, and the check sees it', async () => {
	const outside = honouring();
	outside.next('pay', 'dies-after');
	outside.meanwhile = () => outside.forgetKeys();
	await install({ agent: clerk(outside) }).run(plans([call('pay.send')]));
	expect(() => once(outside, 'pay')).toThrow();
});

/** The first attempt is cut off, and only after so long does anybody look. */
function cutOffFor(ms: number, outside: Outside, ...fates: Parameters<Outside['next']>[1][]): Installation {
	const desk = install({ agent: clerk(outside) });
	for (const sink of ['pay', 'trace']) outside.next(sink, ...(fates.length > 0 ? fates : ['dies-after' as const]));
	outside.meanwhile = ({ attempt }) => attempt === 1 && desk.clock.advance(ms);
	return desk;
}
