/** SIGKILL to the command and all its processes, in the midst of several runs: `resume` brings each to its end, by the shop's own journal once. */
import { expect, test } from 'vitest';
import { asked, start } from './command.ts';
import { charge, errands, look, task } from './errand-desk.ts';

test('killed twice, and every charge is made once', async () => {
	const { agent, directory, environment, file, journal, until } = await errands();
	const dir = ['--dir', directory];
	const names = ['anna', 'bert', 'cleo'];
	const input = file(
		'tasks.ndjson',
		names.map((name) => task([look(name)], [charge(name, 100, 3_000)], [charge(`${name}-2`, 100)])).join('\n'),
	);
	const first = start(['run', agent, '--input', input, '--each', ...dir], { environment });
	await until('charged', 'anna');
	first.killTree();
	expect((await first.ended).signal).toBe('SIGKILL');

	const second = start(['resume', ...dir], { environment });
	await second.says('interrupted: errand-desk-1, errand-desk-2, errand-desk-3');
	await second.says('goes on with step 3');
	second.killTree();
	await second.ended;

	const third = await asked(['run', agent, '--input', input, '--each', ...dir], { environment });
	expect(third).toMatchObject({
		code: 0,
		json: { runs: names.map((_, index) => ({ run: `errand-desk-${index + 1}`, status: 'finished' })) },
	});
	const charged = journal.filter(({ did }) => did === 'charged').map(({ about }) => about);
	expect(charged.sort()).toEqual(['anna', 'anna-2', 'bert', 'bert-2', 'cleo', 'cleo-2']);
	expect(journal.some(({ did }) => did === 'replayed')).toBe(true);
});
