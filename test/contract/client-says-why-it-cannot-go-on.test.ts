// What no further try would change is told at once and by name; what takes too long is told as that, and nothing is lost by it.
import { expect, test } from 'vitest';
import { clientOver, type Doors } from '../../client/index.ts';
import { call } from '../doubles/clerk.ts';
import { driven } from '../doubles/driven.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { overHttp } from './installation-over-http.ts';
import { book } from './parts/client.ts';

async function reach(outside = outsideWorld()) {
	const { desk } = await driven(outside);
	return { desk, outside, over: await overHttp(desk) };
}

test('a signature with another secret: the door stays closed, and is not knocked at again', async () => {
	const { over } = await reach();
	const stranger = over.client({ secret: 'guessed' });
	await expect(stranger.open('run-2', null)).rejects.toMatchObject({ name: 'DoorClosed' });
	await expect(stranger.call('run-1', 1, book('rent', 7))).rejects.toMatchObject({ name: 'DoorClosed' });
	expect(over.asked).toEqual(['open', 'intake']);
});

test('no answer in time: unreachable, and asked again it is done once', async () => {
	const { over, desk } = await reach();
	over.meet('intake', ...Array.from({ length: 99 }, () => 'lost-after' as const));
	await expect(over.client().call('run-1', 1, book('rent', 7), { timeoutMs: 300 })).rejects.toMatchObject({ name: 'Unreachable' });
	over.meet('intake');
	expect(await over.client().call('run-1', 1, book('rent', 7))).toMatchObject({ is: 'done' });
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by guard']);
});

test('still under way when the time is over: waiting, and it goes on without anybody', async () => {
	const outside = outsideWorld();
	const { desk, over } = await reach(outside);
	const held = Promise.withResolvers<void>();
	outside.meanwhile = () => held.promise;
	expect(await over.client().call('run-1', 1, call('letter.send'), { timeoutMs: 4_000 })).toEqual({ is: 'waiting', step: 1, for: 'time' });
	held.resolve();
	expect(await over.client().call('run-1', 1, call('letter.send'))).toMatchObject({ is: 'done' });
	expect(outside.effects).toHaveLength(1);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool']);
});

test('in doubt: a person’s, and no execution more is started for asking again', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const { over } = await reach(outside);
	for (let time = 0; time < 3; time += 1)
		expect(await over.client().call('run-1', 1, call('letter.send'))).toMatchObject({ is: 'waiting', for: 'doubt' });
	expect(over.executions.size).toBe(1);
	expect(outside.effects).toHaveLength(1);
});

test('taken up by somebody else meanwhile: its execution is fenced, and the step goes on under the next epoch', async () => {
	const outside = outsideWorld();
	const { desk, over } = await reach(outside);
	await over.client().open('run-1', null);
	const held = Promise.withResolvers<void>();
	let seen = 0;
	outside.meanwhile = () => {
		seen += 1;
		return seen === 1 ? held.promise : undefined;
	};
	const answer = over.client().call('run-1', 1, book('rent', 7));
	while (seen === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await desk.recover('run-1', 'recovery');
	held.resolve();
	expect(await answer).toMatchObject({ is: 'done' });
	expect(Number(desk.state.items.get(JSON.stringify(['book', 'rent']))?.posted)).toBe(7);
});

const refusing = (answers: Partial<Record<string, unknown>>): Doors => ({
	ask: async (door) => answers[door],
	start: async () => 'started',
	isRunning: async () => false,
});
const taken = { is: 'recorded', run: 'run-1', agent: 'clerk', epoch: 0, hint: 0, steps: [{ step: 1, tool: 'book.post', place: 1 }] };
const open = { is: 'standing', run: 'run-1', agent: 'clerk', status: 'open', epoch: 0, nextStep: 2, left: { steps: 1, spend: null } };

test.for<[string, Partial<Record<string, unknown>>]>([
	['of nothing', {}],
	['of another shape', { intake: { ...taken, epoch: 'soon' } }],
	['of another kind', { intake: { is: 'done', result: 'free money' } }],
	['with a tool that is no name', { intake: { ...taken, steps: [{ step: 1, tool: '../../x', place: 1 }] } }],
	['of a status that is none', { intake: taken, status: { ...open, steps: [{ step: 1, is: 'fine' }] } }],
])('an answer %s is no answer', async ([, answers]) => {
	const client = clientOver(refusing(answers));
	await expect(client.call('run-1', 1, book('rent', 7))).rejects.toMatchObject({ name: 'UnexpectedAnswer' });
});

test('an answer about another step is taken for no answer about this one', async () => {
	const other = { step: 2, is: 'done', tool: 'book.post', by: 'tool', at: 'now', result: 'another’s' };
	const client = clientOver(refusing({ intake: taken, status: { ...open, steps: [other] } }));
	expect(await client.call('run-1', 1, book('rent', 7), { timeoutMs: 2_000 })).toMatchObject({ is: 'waiting' });
});

test('executions that end without an end: given up after a few, and left to recovery', async () => {
	const started: string[] = [];
	const doors: Doors = {
		...refusing({ intake: taken, status: { ...open, steps: [{ step: 1, is: 'open', tool: 'book.post' }] } }),
		start: async (name) => {
			started.push(name);
			return 'started';
		},
	};
	expect(await clientOver(doors).call('run-1', 1, book('rent', 7))).toEqual({ is: 'waiting', step: 1, for: 'recovery' });
	expect(new Set(started).size).toBe(started.length);
	expect(started).toHaveLength(6);
});

test('what no JSON can hold: refused at once, and no door is knocked at', async () => {
	const { over } = await reach();
	const loop: { again?: unknown } = {};
	loop.again = loop;
	for (const input of [loop, { big: 1n }])
		expect(await over.client().call('run-1', 1, { tool: 'letter.send', input: input as never, purpose: 'none' })).toEqual({
			is: 'refused',
			why: expect.stringMatching(/^no JSON can hold what is asked: /),
		});
	expect(over.asked).toEqual([]);
});
