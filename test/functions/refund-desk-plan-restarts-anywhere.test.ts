/** Task, memory and what happened alone decide the next plan, so a crash between any two of them changes nothing (S3). */
import { expect, test } from 'vitest';
import type { Happened, Json } from '../../index.ts';
import { ask, goesWell, play, tickets } from './refund-desk-play.ts';

test.for(tickets)('$id: memory kept or lost, the plans are the same', async (ticket) => {
	const kept = await play(ticket, goesWell, 'kept');
	const lost = await play(ticket, goesWell, 'lost');
	expect(lost.calls).toEqual(kept.calls);
	expect(lost.finish).toEqual(kept.finish);
});

test.for(tickets)('$id: from every memory that was ever saved, with all that happened since, the next plan is the same', async (ticket) => {
	const { plans, steps } = await play(ticket, goesWell);
	const saved: { memory: Json | undefined; stepsSeen: number }[] = [{ memory: undefined, stepsSeen: 0 }];
	let stepsBefore = 0;
	for (const plan of plans) {
		const happened: Happened[] = steps.slice(0, stepsBefore);
		for (const { memory, stepsSeen } of saved) {
			expect(await ask({ task: ticket, memory, happened: happened.slice(stepsSeen) })).toEqual(plan);
			// The same ends told twice, after a crash between saving memory and appending the intent.
			expect(await ask({ task: ticket, memory, happened })).toEqual(plan);
		}
		if ('calls' in plan) {
			saved.push({ memory: plan.memory, stepsSeen: stepsBefore });
			stepsBefore += plan.calls.length;
		}
	}
});

test('a crash after the memory was saved and before its intent was: the same calls are proposed again', async () => {
	for (const [, act] of await Promise.all(tickets.map(async (ticket) => (await play(ticket, goesWell)).plans))) {
		if (!act || !('calls' in act)) throw new Error('the second plan acts');
		const task = tickets.find(({ id }) => act.model?.prompt?.includes(`"${id}"`));
		expect(await ask({ task: task ?? null, memory: act.memory, happened: [] })).toEqual(act);
	}
});

test('control: memory that notes what was proposed, not what ended, loses the refund in that crash', async () => {
	const [ticket] = tickets;
	if (!ticket) throw new Error('no tickets');
	const [find, act] = (await play(ticket, goesWell)).plans;
	if (!find || !act || !('calls' in find) || !('calls' in act)) throw new Error('the first two plans ask for something');
	const naive = (memory: readonly string[], calls: typeof act.calls) => calls.filter(({ tool }) => !memory.includes(tool));
	const saved = [...find.calls, ...act.calls].map(({ tool }) => tool);
	expect(naive(saved, act.calls)).not.toEqual(act.calls);
});
