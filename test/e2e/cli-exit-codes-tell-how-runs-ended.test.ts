/** 0 finished, 1 exhausted or stopped, 3 a step was denied, 4 a person is needed, 6 nothing of that name; of several, the most serious. */
import { expect, test } from 'vitest';
import { asked } from './command.ts';
import { charge, errands, look, post } from './errand-desk.ts';

test('each by itself, and several together', async () => {
	const { agent, directory, environment, file } = await errands();
	const rounds = {
		fine: [[look('tea')], [{ tool: 'letter.post', input: { to: 'nobody' } }]],
		denied: [[post('eve')]],
		asks: [[charge('anna', 9_000)]],
		exhausted: [Array.from({ length: 6 }, (_, index) => look(`shelf-${index}`)), [look('one-too-many')]],
	};
	const lines = (...names: (keyof typeof rounds)[]) => names.map((id) => JSON.stringify({ id, rounds: rounds[id] })).join('\n');
	const run = async (...names: (keyof typeof rounds)[]) => {
		const { code, json } = await asked(['run', agent, '--input', file('in', lines(...names)), '--each', '--dir', directory], {
			environment,
		});
		return { code, json };
	};
	expect(await run('fine', 'denied', 'asks', 'exhausted')).toMatchObject({
		code: 1,
		json: {
			runs: [
				{ run: 'fine', status: 'finished', answer: ['shelf.look done', 'letter.post failed'], reason: null },
				{ run: 'denied', status: 'finished', done: [{ outcome: 'denied', by: 'guard' }] },
				{ run: 'asks', status: 'waiting', done: [] },
				{ run: 'exhausted', status: 'exhausted', answer: null, reason: 'the budget of 6 steps is used up' },
			],
		},
	});
	// They were opened before, so each now answers as it stands.
	expect((await run('fine')).code).toBe(0);
	expect((await run('fine', 'denied')).code).toBe(3);
	expect((await run('fine', 'denied', 'asks')).code).toBe(4);
	expect((await run('asks', 'exhausted')).code).toBe(1);
	expect((await asked(['resume', 'asks', '--dir', directory], { environment })).code).toBe(4);

	expect(await asked(['stop', 'asks', '--reason', 'enough', '--dir', directory])).toMatchObject({
		code: 0,
		json: { run: 'asks', stopped: true, stillOpen: [] },
	});
	expect((await run('asks')).code).toBe(1);
	const none = { code: 6, json: { error: { name: 'RunNotFound', message: 'there is no run none; list shows the runs there are' } } };
	for (const words of [
		['status', 'none'],
		['resume', 'none'],
		['approve', 'none', '1'],
		['settle', 'none', '1', '--failed'],
		['stop', 'none'],
		['freeze', 'none', '--reason', 'r'],
	])
		expect(await asked([...words, '--dir', directory], { environment })).toMatchObject(none);
	expect(await asked(['run', 'no-such-agent', '--input', '-', '--dir', directory])).toMatchObject({
		code: 6,
		json: { error: { name: 'AgentNotFound' } },
	});
	expect(await asked(['freeze', '--agent', 'no-such-agent', '--reason', 'r', '--dir', directory])).toMatchObject({ code: 6 });
	expect(await asked(['list', '--status', 'stopped', '--dir', directory])).toEqual({
		code: 0,
		stderr: '',
		json: { runs: [{ run: 'asks', agent: 'errand-desk', status: 'stopped', epoch: 0, done: 1, open: 0 }], damaged: [] },
	});
});
