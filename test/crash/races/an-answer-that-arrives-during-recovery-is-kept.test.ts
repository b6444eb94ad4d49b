/** A person answers between any two steps of a recovery that somebody else has started: the answer counts once, and the run ends. */
import { expect, test } from 'vitest';
import { type Answer, decide } from '../../../functions/decide/decide.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../../doubles/driver.ts';
import type { Crossed } from '../../doubles/functions.ts';
import { outsideWorld } from '../../doubles/outside.ts';
import { fakePolicies } from '../../doubles/policies.ts';

type Case = { readonly answer: Answer; readonly ends: string; readonly effects: number };
const doubts: readonly Case[] = [
	{ answer: { is: 'done', step: 1, result: null, note: 'it is there' }, ends: 'done 1.1 by person', effects: 1 },
	{ answer: { is: 'failed', step: 1, note: 'lost' }, ends: 'failed 1.1 by person', effects: 0 },
];
const approvals: readonly Case[] = [
	{ answer: { is: 'approve', step: 1, note: 'yes' }, ends: 'done 1.1 by tool', effects: 1 },
	{ answer: { is: 'refuse', step: 1, note: 'no' }, ends: 'denied 1: person', effects: 0 },
];

/** Held; a second step is taken up by a recovery, and the answer comes right before crossing number `moment` of it. */
async function answeredAt(moment: number, { answer, effects }: Case): Promise<{ desk: Installation; crossings: number; effects: number }> {
	const outside = outsideWorld();
	const forApproval = answer.is === 'approve' || answer.is === 'refuse';
	if (!forApproval) outside.next('letter', effects > 0 ? 'dies-after' : 'dies-before');
	let recovering = false;
	let crossings = 0;
	let recorded: Promise<unknown> | undefined;
	const desk: Installation = install({
		agent: clerk(outside),
		readers: 'cold',
		policies: fakePolicies(({ action, context }) =>
			forApproval && action.id === 'letter.send' && context.approved !== true ? 'deny' : 'allow',
		),
		fault: (_call: Crossed) => {
			if (!recovering) return undefined;
			crossings += 1;
			if (crossings === moment) recorded = decide({ run: RUN, by: BY, answer }, desk.operator);
			return undefined;
		},
	});
	// The first attempt at the file is cut off, so that there is something to recover beside what is held.
	outside.next('file', 'throws-before', 'throws-before', 'throws-before', 'throws-before', 'throws-before');
	await desk.run(plans([call('letter.send'), call('file.read')], [call('file.read', 'more')]));
	recovering = true;
	await desk.recover(RUN, 'recovery');
	recovering = false;
	expect(await recorded).toMatchObject(recorded ? { is: 'recorded' } : {});
	if (!recorded) await decide({ run: RUN, by: BY, answer }, desk.operator);
	await desk.recover(RUN, 'answer');
	return { desk, crossings, effects: outside.effectsOf('letter').length };
}

test.for([...doubts, ...approvals])('$answer.is, at every moment', async (given) => {
	const undisturbed = await answeredAt(0, given);
	for (let moment = 1; moment <= undisturbed.crossings; moment += 1) {
		const { desk, effects } = await answeredAt(moment, given);
		expect([moment, desk.lines().filter((line) => line === given.ends)]).toEqual([moment, [given.ends]]);
		expect([moment, desk.lines().at(-1), effects]).toEqual([moment, 'closed: finished', given.effects]);
	}
});

test('control: a second answer to the same question is refused', async () => {
	const [given] = doubts;
	if (!given) throw new Error('there is no case');
	const { desk } = await answeredAt(1, given);
	expect(await decide({ run: RUN, by: BY, answer: given.answer }, desk.operator)).toMatchObject({ is: 'refused' });
});
