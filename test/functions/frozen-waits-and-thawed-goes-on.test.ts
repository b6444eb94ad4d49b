/** A freeze of a run, its agent or everything lets nothing more be planned or granted; a thaw lets it go on where it was. */
import { expect, test } from 'vitest';
import { freezeChain, freezeRun } from '../../functions/freeze/freeze.ts';
import { status } from '../../functions/status/status.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const scopes = ['run', '@agent:clerk', '@all'] as const;
type Scope = (typeof scopes)[number];
const say = (desk: Installation, scope: Scope, is: 'freeze' | 'thaw') => {
	const event = { is, by: BY, reason: 'told so' };
	return scope === 'run' ? freezeRun(RUN, event, desk.operator) : freezeChain(scope, event, desk.operator.store);
};
const task = plans([call('letter.send', 'one')], [call('letter.send', 'two')]);
/** Control chains leave no line in the run. */
const linesOf = (desk: Installation) => desk.lines().filter((line) => line !== 'frozen' && line !== 'thawed');

test.for(scopes)('%s frozen while a step is under way: that step ends, no other is planned', async (scope) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	outside.meanwhile = ({ step }) => step === 1 && say(desk, scope, 'freeze');
	await desk.run(task);
	expect(linesOf(desk)).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool']);
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ status: 'frozen' });
	await desk.recover(RUN, 'recovery');
	expect(linesOf(desk)).toHaveLength(4);
	await say(desk, scope, 'thaw');
	await desk.recover();
	expect(linesOf(desk).slice(4)).toEqual(['resumed 1: answer', 'planned 2', 'granted 2.1', 'done 2.1 by tool', 'closed: finished']);
});

test.for(scopes)('%s frozen between plan and grant: nothing is granted', async (scope) => {
	const outside = outsideWorld();
	let asked = 0;
	const desk: Installation = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			asked += 1;
			if (asked === 1) await say(desk, scope, 'freeze');
			return ask(request);
		},
	});
	await desk.run(task);
	expect(linesOf(desk)).toEqual(['opened', 'planned 1']);
	expect(desk.handedOut).toEqual([]);
	expect(outside.arrived).toEqual([]);
	await say(desk, scope, 'thaw');
	await desk.recover();
	expect(linesOf(desk).at(-1)).toBe('closed: finished');
	expect(outside.effects).toHaveLength(2);
});

test.for(scopes)('%s frozen while an attempt is in doubt: nobody asks, and it is settled after the thaw', async (scope) => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	outside.meanwhile = ({ attempt }) => attempt === 1 && say(desk, scope, 'freeze');
	await desk.run(plans([call('parcel.send')]));
	expect(linesOf(desk)).toEqual(['opened', 'planned 1', 'granted 1.1']);
	await say(desk, scope, 'thaw');
	await desk.recover();
	expect(linesOf(desk).slice(3)).toEqual(['resumed 1: answer', 'asked about 1.1', 'done 1.1 by target', 'closed: finished']);
	expect(outside.effects).toHaveLength(1);
});

test('another agent frozen is none of its business', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await freezeChain('@agent:other', { is: 'freeze', by: BY, reason: 'told so' }, desk.operator.store);
	await desk.run(task);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('frozen twice is frozen once, and one thaw thaws it', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	for (const scope of ['@all', '@agent:clerk'] as const) {
		expect(await say(desk, scope, 'freeze')).toEqual({ is: 'recorded' });
		expect(await say(desk, scope, 'freeze')).toEqual({ is: 'already' });
		expect(await say(desk, scope, 'thaw')).toEqual({ is: 'recorded' });
		expect(await say(desk, scope, 'thaw')).toEqual({ is: 'already' });
	}
	await desk.run(task);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});
