/** An execution that was started with a call has it recorded once, and compared ever after; what was started without one and is not recorded fails. */
import { expect, test } from 'vitest';
import { call } from '../doubles/clerk.ts';
import { driven } from '../doubles/driven.ts';
import { faultOnce } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

test('recorded, then done', async () => {
	const { desk, outside, act } = await driven();
	expect(await act(1, 'letter.send', { call: call('letter.send') })).toEqual({ is: 'succeeded' });
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool']);
	expect(outside.effects).toHaveLength(1);
});

test('started again with the same call: known, and done once', async () => {
	const { desk, outside, act } = await driven();
	for (let time = 0; time < 3; time += 1) await act(1, 'letter.send', { call: call('letter.send') });
	expect(desk.lines()).toHaveLength(4);
	expect(outside.effects).toHaveLength(1);
});

test('another call under a taken number fails as diverged, though its step goes on', async () => {
	const { desk, outside, act, take } = await driven();
	await take(1, call('letter.send'));
	expect(await act(1, 'letter.send', { call: call('letter.send', 'something else') })).toEqual({ is: 'failed', error: 'CallDiverged' });
	expect(outside.effects).toHaveLength(1);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool']);
});

test('what can’t be recorded fails as refused', async () => {
	const { desk, act } = await driven();
	expect(await act(2, 'letter.send', { call: call('letter.send') })).toEqual({ is: 'failed', error: 'CallRefused' });
	expect(await act(1, 'letter.send', { call: { tool: 'letter.burn' } })).toEqual({ is: 'failed', error: 'CallRefused' });
	expect(await act(1, 'letter.send', { call: null })).toEqual({ is: 'failed', error: 'CallRefused' });
	expect(desk.lines()).toEqual(['opened']);
});

test('without a call, a step that is not recorded is nobody’s', async () => {
	const { desk, act } = await driven();
	expect(await act(1, 'letter.send')).toEqual({ is: 'failed', error: 'StepInterrupted' });
	expect(desk.lines()).toEqual(['opened']);
});

test('an epoch that is over does no harm: it goes on under the one that the intake says', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const { desk, act, take } = await driven(outside);
	await take(1, call('parcel.send'));
	await desk.invoke('clerk_parcel_send', { state: 'Act', run: 'run-1', step: 1, epoch: 0, hint: 0, tool: 'parcel.send' }).catch(() => {});
	await desk.recover('run-1', 'recovery');
	expect(await act(2, 'letter.send', { call: call('letter.send'), epoch: 0 })).toEqual({ is: 'succeeded' });
	expect(desk.lines().at(-1)).toBe('done 2.1 by tool');
});

const ways = ['unknown-not-written', 'unknown-written', 'unavailable', 'crash-before', 'crash-after', 'retried'] as const;
test.for(ways)('%s where it is recorded: done once', async (way) => {
	const { desk, outside, act } = await driven(outsideWorld(), {
		fault: faultOnce({ at: 'ledger.append', function: 'clerk-intake', n: 1 }, way),
	});
	for (let time = 0; time < 3; time += 1) await act(1, 'letter.send', { call: call('letter.send') });
	expect(outside.effects).toHaveLength(1);
	expect(desk.lines().filter((line) => line.startsWith('planned'))).toEqual(['planned 1']);
	expect(desk.lines().at(-1)).toBe('done 1.1 by tool');
});

test('after it is recorded, tasks are given ids only', async () => {
	const { desk, act } = await driven();
	await act(1, 'letter.send', { call: call('letter.send', 'a secret of the trade') });
	const given = desk.invocations.filter((one) => JSON.stringify(one.event).includes('a secret of the trade'));
	expect(given.map((one) => one.function)).toEqual(['clerk-intake']);
});
