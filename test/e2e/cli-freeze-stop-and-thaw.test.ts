/** A freeze grants nothing more until it is thawed; a thawed run goes on; a stop is for good. */
import { expect, test } from 'vitest';
import { asked, start } from './command.ts';
import { errands, HELD, look, post, task } from './errand-desk.ts';

test('one run, an agent, and everything', async () => {
	const { agent, directory, environment, file, journal, until, letGo } = await errands();
	const dir = ['--dir', directory];
	const call = (...words: string[]) => asked([...words, ...dir], { environment });
	const input = file('in.json', task([post('anna', HELD)], [look('tea')]));
	const run = start(['run', agent, '--input', input, '--run', 'one', ...dir], { environment });
	await until('posted', 'anna');
	const frozen = { run: 'one', agent: null, all: false, frozen: true };
	expect(await call('freeze', 'one', '--reason', 'wait')).toMatchObject({ code: 0, json: { ...frozen, already: false } });
	expect(await call('freeze', 'one', '--reason', 'wait')).toMatchObject({ code: 0, json: { ...frozen, already: true } });
	letGo();
	expect((await run.ended).code).toBe(4);
	expect(await call('status', 'one')).toMatchObject({
		json: {
			status: 'frozen',
			done: [{ step: 1, outcome: 'done' }],
			waiting: [{ step: null, for: 'thaw' }],
			allowed: [{ verdict: 'hold' }, {}, {}],
		},
	});

	expect(await call('freeze', '--agent', 'errand-desk', '--reason', 'all of it')).toMatchObject({
		code: 0,
		json: { agent: 'errand-desk' },
	});
	expect(await call('freeze', '--all', '--reason', 'all of it')).toMatchObject({ code: 0, json: { all: true } });
	expect(await call('thaw', 'one', '--reason', 'done')).toMatchObject({ code: 4, json: { frozen: false, after: { status: 'frozen' } } });
	expect(await call('thaw', '--all', '--reason', 'done')).toMatchObject({ code: 0, json: { after: null } });
	expect(await call('run', agent, '--input', input, '--run', 'two')).toMatchObject({
		code: 4,
		json: { runs: [{ status: 'frozen', done: [] }] },
	});
	expect(journal).toHaveLength(1);
	expect(await call('thaw', '--agent', 'errand-desk', '--reason', 'done')).toMatchObject({ code: 0 });

	expect(await call('stop', 'two', '--reason', 'not any more')).toMatchObject({ code: 0, json: { stopped: true, stillOpen: [] } });
	expect(await call('stop', 'two')).toMatchObject({ code: 0, json: { stopped: false, how: 'stopped' } });
	expect(await call('resume')).toMatchObject({ code: 0, json: { runs: [{ run: 'one', status: 'finished' }] } });
	expect(await call('thaw', 'one', '--reason', 'again')).toMatchObject({ code: 0, json: { already: true, after: null } });
	expect(journal.map(({ did }) => did)).toEqual(['posted', 'looked']);
});
