/** Ctrl-C: the tool at work ends and its outcome is recorded; nothing is left in doubt. A second one ends everything at once. */
import { expect, test } from 'vitest';
import { asked, start } from './command.ts';
import { errands, HELD, post, task } from './errand-desk.ts';

test('once: the letter under way is recorded, and the run goes on later', async () => {
	const { agent, directory, environment, file, journal, until, letGo } = await errands();
	const input = file('task.json', task([post('anna', HELD)], [post('bert')]));
	const run = start(['run', agent, '--input', input, '--run', 'one', '--dir', directory, '--json'], { environment });
	await until('posted', 'anna');
	run.child.kill('SIGINT');
	await run.says('what is under way is waited for');
	letGo();
	const said = await run.ended;
	expect(said.code).toBe(130);
	expect(JSON.parse(said.stdout)).toMatchObject({ error: { name: 'Interrupted' } });
	expect(await asked(['status', 'one', '--dir', directory])).toMatchObject({
		json: { status: 'open', doing: [], done: [{ step: 1, outcome: 'done', by: 'tool' }] },
	});

	expect(await asked(['resume', '--dir', directory], { environment })).toMatchObject({ code: 0, json: { runs: [{ status: 'finished' }] } });
	expect(journal.map(({ about }) => about)).toEqual(['anna', 'bert']);
});

test('twice: it ends at once, and the letter is in doubt', async () => {
	const { agent, directory, environment, file, until } = await errands();
	const input = file('task.json', task([post('anna', HELD)]));
	const run = start(['run', agent, '--input', input, '--run', 'one', '--dir', directory, '--json'], { environment });
	await until('posted', 'anna');
	run.child.kill('SIGINT');
	await run.says('once more');
	run.child.kill('SIGINT');
	// One that had waited would say how it ended.
	expect(await run.ended).toMatchObject({ code: 130, stdout: '' });
	expect(await asked(['status', 'one', '--dir', directory])).toMatchObject({ json: { doing: [{ step: 1, inDoubt: true }] } });
});
