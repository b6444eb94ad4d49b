/** `EffectFailed` is an outcome: the step has ended, its planner is told why, and nobody waits. */
import { expect, test } from 'vitest';
import type { Happened } from '../../index.ts';
import { EffectFailed } from '../../index.ts';
import { call, clerk, clerkTools, plans, scripted } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const tools = [
	['file.read', 'file'],
	['book.post', 'draft'],
	['pay.send', 'pay'],
	['parcel.send', 'parcel'],
	['letter.send', 'letter'],
] as const;

test.for(tools)('%s', async ([tool, sink]) => {
	const outside = outsideWorld();
	outside.next(sink, 'fails');
	let told: readonly Happened[] = [];
	const desk = install({
		agent: clerk(outside, {
			planner: (situation) => {
				told = situation.happened;
				return scripted(situation);
			},
		}),
	});
	await desk.run(plans([call(tool)]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'failed 1.1 by tool', 'closed: finished']);
	expect(desk.waits).toEqual([]);
	expect(told).toMatchObject([{ step: 1, ended: 'failed', by: 'tool', reason: `${sink} refuses it` }]);
	expect(outside.effects).toEqual([]);
});

test('another attempt that is still open is not ended by it', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('pay', 'dies-after', 'fails', 'goes-well');
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.send')]));
	expect(desk.lines().slice(2)).toEqual([
		'granted 1.1',
		'granted 1.2',
		'failed 1.2 by tool',
		'granted 1.3',
		'done 1.3 by tool',
		'closed: finished',
	]);
	expect(outside.effects).toHaveLength(1);
});

test('a reason cut off in the midst of a character is recorded all the same', async () => {
	const outside = outsideWorld();
	const run = async () => {
		throw new EffectFailed(`${'x'.repeat(1_999)}😀`);
	};
	const desk = install({ agent: clerk(outside, { tools: clerkTools(outside).map((tool) => ({ ...tool, run })) }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'failed 1.1 by tool', 'closed: finished']);
});
