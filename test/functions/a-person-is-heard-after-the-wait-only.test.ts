/** S2: while an attempt may still act, nobody says what became of it; a hold stands only when its window is over. */
import { expect, test } from 'vitest';
import { type Answer, decide } from '../../functions/decide/decide.ts';
import type { GuardAnswer, GuardRequest } from '../../functions/guard/protocol.ts';
import { call, clerk, plans, TIMEOUT_SECONDS } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

const task = plans([call('letter.send')]);
const answers: Answer[] = [
	{ is: 'done', step: 1, result: null, note: 'surely' },
	{ is: 'failed', step: 1, note: 'surely not' },
	{ is: 'approve', step: 1, note: 'yes' },
	{ is: 'refuse', step: 1, note: 'no' },
];

test.for(answers)('$is is refused before the attempt is granted, while it acts, and while it is waited out', async (answer) => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const said: string[] = [];
	const early = async () => {
		const given = await decide({ run: RUN, by: BY, answer }, desk.operator);
		said.push(given.is);
	};
	outside.meanwhile = early;
	const desk: Installation = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			await early();
			const guardSays = await ask(request);
			if (guardSays.is === 'status' && guardSays.status.status === 'in-doubt') await early();
			return guardSays;
		},
	});
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'held 1: doubt']);
	// Before act, at the sink, before the second act, after it saw the doubt, before settle.
	expect(said).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
});

test('an approval does not settle a doubt', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	for (const is of ['approve', 'refuse'] as const)
		expect(await decide({ run: RUN, by: BY, answer: { is, step: 1, note: '' } }, desk.operator)).toMatchObject({ is: 'refused' });
});

/** What a hold in doubt promises whoever answers it: the attempt's window, with margin, was over when it was recorded. */
function windowWasOver(desk: Installation): void {
	const held = desk.entries().find((entry) => entry.kind === 'decision' && entry.verdict === 'hold');
	const granted = desk.entries().find((entry) => entry.kind === 'decision' && entry.attempt === 1);
	if (held?.kind !== 'decision' || granted?.kind !== 'decision' || !granted.grant) throw new Error('nothing is held');
	expect(held.at - granted.at).toBeGreaterThanOrEqual(granted.grant.windowMs + MARGIN_MS);
}

test('held, the window of the attempt is over', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	windowWasOver(desk);
});

test('control: a tool that settles without waiting is held too early, and the check sees it', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const impatient = async (request: GuardRequest, ask: (request: GuardRequest) => Promise<GuardAnswer>) => {
		const answer = await ask(request);
		if (request.ask !== 'act' || answer.is !== 'status' || answer.status.status !== 'in-doubt') return answer;
		return ask({ ...request, ask: 'settle', waitedFor: answer.status.attempts });
	};
	const desk = install({ agent: clerk(outside), door: impatient });
	await desk.run(task);
	expect(() => windowWasOver(desk)).toThrow();
});

test('an attempt granted while another was waited for begins the wait anew', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('pay', 'dies-after', 'dies-after');
	let acts = 0;
	let settled: GuardAnswer | undefined;
	const desk = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			acts += request.ask === 'act' ? 1 : 0;
			// Attempts 1 and 2 are open; a wait that began before the second says it is over.
			if (acts === 3 && request.ask === 'act') settled = await ask({ ...request, ask: 'settle', waitedFor: [1] });
			return ask(request);
		},
	});
	await desk.run(plans([call('pay.send')]));
	expect(settled).toEqual({ is: 'status', status: { status: 'in-doubt', attempts: [1, 2], waitSeconds: TIMEOUT_SECONDS + 1 } });
});
