/** How steps ended, with their results and reasons, told to whoever drives the run; and to nobody for another agent's run. */
import { expect, test } from 'vitest';
import type { Json } from '../../core/ids.ts';
import { close } from '../../functions/close/close.ts';
import { decide } from '../../functions/decide/decide.ts';
import { freezeRun } from '../../functions/freeze/freeze.ts';
import { standing } from '../../functions/status/standing.ts';
import { call, clerkTools } from '../doubles/clerk.ts';
import { driven } from '../doubles/driven.ts';
import { BY, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';

const stepsOf = (answer: object) => (answer as { steps: object[] }).steps;

test('unrecorded, open, done with its result', async () => {
	const { take, act, ask } = await driven();
	expect(stepsOf(await ask(1))).toEqual([{ step: 1, is: 'unrecorded' }]);
	await take(1, call('parcel.send'));
	expect(stepsOf(await ask(1))).toEqual([{ step: 1, is: 'open', tool: 'parcel.send' }]);
	await act(1, 'parcel.send');
	expect(await ask(1, 2)).toMatchObject({
		is: 'standing',
		status: 'idle',
		nextStep: 2,
		left: { steps: 99 },
		steps: [
			{ step: 1, is: 'done', by: 'tool', result: { receipt: 'receipt 1' } },
			{ step: 2, is: 'unrecorded' },
		],
	});
});

test('done, and what is wrong with its result', async () => {
	const outside = outsideWorld();
	const answers: { [tool: string]: Json } = { 'letter.send': { something: 'else' }, 'parcel.send': 'x'.repeat(1_048_576) };
	const tools = clerkTools(outside).map((tool) => ({ ...tool, run: async () => answers[tool.name] ?? null }));
	const { take, act, ask } = await driven(outside, { spec: { tools } });
	await take(1, call('letter.send'), call('parcel.send'));
	await act(1, 'letter.send');
	await act(2, 'parcel.send');
	expect(stepsOf(await ask(1, 2))).toMatchObject([
		{ is: 'done', by: 'tool', result: { something: 'else' }, reason: expect.stringMatching(/^not of the declared shape: /) },
		{ is: 'done', by: 'tool', result: null, reason: expect.stringMatching(/^a result of \d+ bytes was not kept$/) },
	]);
});

test('long after it was dropped from the state', async () => {
	const { desk, take, act, ask } = await driven();
	for (let step = 1; step <= 30; step += 1) {
		const taken = await take(step, call('file.read', `${step}`));
		await act(step, 'file.read', { hint: 'hint' in taken ? taken.hint : 0 });
	}
	expect(desk.lines()).toContain('checkpoint');
	expect(stepsOf(await ask(1, 30))).toMatchObject([
		{ is: 'done', result: { receipt: 'receipt 1' } },
		{ is: 'done', result: { receipt: 'receipt 30' } },
	]);
});

test('failed and denied, with the reason', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'fails');
	const { take, act, ask } = await driven(outside, {
		policies: fakePolicies(({ action }) => (action.id === 'pay.send' ? 'deny' : 'allow')),
	});
	await take(1, call('letter.send'), call('pay.send'));
	await act(1, 'letter.send');
	await act(2, 'pay.send');
	expect(stepsOf(await ask(1, 2))).toMatchObject([
		{ step: 1, is: 'failed', by: 'tool', reason: 'letter refuses it' },
		{ step: 2, is: 'denied', by: 'guard', reason: expect.any(String) },
	]);
});

test('waiting for an approval, with the digest to approve', async () => {
	const { desk, take, act, ask } = await driven(outsideWorld(), {
		policies: fakePolicies(({ context }) => (context.approved ? 'allow' : 'deny')),
	});
	await take(1, call('letter.send'));
	await act(1, 'letter.send');
	const [waiting] = stepsOf(await ask(1)) as { shown: string }[];
	expect(waiting).toMatchObject({ is: 'waiting', for: 'approval', tool: 'letter.send' });
	const answer = { is: 'approve', step: 1, shown: waiting?.shown, note: 'ok' } as const;
	expect(await decide({ run: RUN, by: BY, answer }, desk.operator)).toMatchObject({ is: 'recorded' });
	expect(stepsOf(await ask(1))).toMatchObject([{ is: 'open' }]);
	await act(1, 'letter.send');
	expect(stepsOf(await ask(1))).toMatchObject([{ is: 'done' }]);
});

test('waiting for word of what became of it', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const { take, act, ask } = await driven(outside);
	await take(1, call('letter.send'));
	await act(1, 'letter.send');
	expect(stepsOf(await ask(1))).toMatchObject([{ is: 'waiting', for: 'doubt' }]);
});

test('waiting for a thaw, where the guard does nothing', async () => {
	const { desk, take, act, ask } = await driven();
	await take(1, call('letter.send'));
	await freezeRun(RUN, { is: 'freeze', by: BY, reason: 'look' }, desk.operator);
	await act(1, 'letter.send');
	expect(stepsOf(await ask(1))).toMatchObject([{ is: 'waiting', for: 'thaw' }]);
});

test('denied, where the run was closed before', async () => {
	const { desk, take, ask } = await driven();
	await take(1, call('letter.send'));
	await close({ run: RUN, by: BY, reason: 'enough' }, desk.operator);
	expect(await ask(1)).toMatchObject({ status: 'stopped', steps: [{ is: 'denied', reason: expect.stringContaining('closed') }] });
});

test('nothing is told of a run of another agent', async () => {
	const { desk, take, act } = await driven();
	await take(1, call('parcel.send'));
	await act(1, 'parcel.send');
	const asked = { run: RUN, steps: [{ step: 1, hint: 0 }], memory: true };
	const answer = await standing(asked, { ...desk.operator, agent: 'other' });
	expect(answer).toEqual({ is: 'refused', why: expect.any(String) });
	expect(JSON.stringify(answer)).not.toContain('receipt');
	expect(await standing(asked, { ...desk.operator, agent: 'clerk' })).toMatchObject({ is: 'standing' });
});

test('a run whose key was destroyed: its steps’ content is told to nobody', async () => {
	const { desk, take, act, ask } = await driven(outsideWorld(), { readers: 'cold' });
	await take(1, call('parcel.send'));
	await act(1, 'parcel.send');
	await desk.operator.store.keys.destroy(RUN);
	await expect(ask(1)).rejects.toMatchObject({ name: 'RunKeyLost' });
	await expect(ask()).resolves.toMatchObject({ is: 'standing', memory: null });
});
