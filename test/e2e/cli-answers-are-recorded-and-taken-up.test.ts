/** `approve`, `refuse` and `settle` record a person's answer and drive the run on; an answer that nothing asks for is refused. */
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { asked, start, throughline } from './command.ts';
import { charge, type Errands, errands, HELD, post, task } from './errand-desk.ts';

async function waiting(...rounds: Parameters<typeof task>): Promise<Errands> {
	const errand = await errands();
	const { agent, directory, environment, file } = errand;
	const input = file('task.json', task(...rounds));
	expect((await throughline(['run', agent, '--input', input, '--run', 'big', '--dir', directory], { environment })).code).toBe(4);
	return errand;
}
const other = 'a'.repeat(64);
const by = `local:${userInfo().username}`;

test('an approval: shown, recorded, carried out', async () => {
	const { directory, environment, journal } = await waiting([charge('anna', 9_900)]);
	const dir = ['--dir', directory];
	expect(await asked(['approve', 'big', '2', ...dir], { environment })).toMatchObject({
		code: 3,
		json: { error: { name: 'Refused', message: 'step 2 of run big does not exist; nothing is asked about it' } },
	});
	expect(await asked(['approve', 'big', '1', '--shown', other, ...dir], { environment })).toMatchObject({
		code: 3,
		json: { error: { name: 'Refused', message: 'step 1 asks about something else than aaaaaaaaaaaa… now; look at it again' } },
	});
	expect(await asked(['settle', 'big', '1', '--done', ...dir], { environment })).toMatchObject({
		code: 3,
		json: { error: { name: 'Refused' } },
	});
	expect(journal).toEqual([]);

	const { code, json, stderr } = await asked(['approve', 'big', '1', '--note', 'fine', ...dir], { environment });
	expect(stderr).toMatch(/asks for an approval of this call:\n +tool +till\.charge\n +purpose +as the task says\n +input/);
	expect(json).toMatchObject({ run: 'big', step: 1, recorded: 'approve', by, after: { status: 'finished', answer: ['till.charge done'] } });
	expect(code).toBe(0);
	expect(journal).toHaveLength(1);
});

test('a refusal, recorded first and taken up later', async () => {
	const { directory, environment, journal } = await waiting([charge('anna', 9_900)]);
	const dir = ['--dir', directory];
	expect(await asked(['refuse', 'big', '1', '--no-resume', ...dir])).toMatchObject({
		code: 0,
		json: { run: 'big', step: 1, recorded: 'refuse', by, after: null },
	});
	expect(await asked(['resume', 'big', ...dir], { environment })).toMatchObject({
		code: 3,
		json: { runs: [{ status: 'finished', answer: ['till.charge denied'] }] },
	});
	expect(journal).toEqual([]);
});

test('a letter that was cut off is settled by a person, and never posted again', async () => {
	const { agent, directory, environment, file, journal, until } = await errands({ letterSeconds: 8 });
	const dir = ['--dir', directory];
	const input = file('task.json', task([post('anna', HELD)], [post('bert')]));
	const run = start(['run', agent, '--input', input, '--run', 'big', ...dir], { environment });
	await until('posted', 'anna');
	run.killTree();
	await run.ended;
	const resumed = await asked(['resume', ...dir], { environment });
	expect(resumed.stderr).toMatch(/big · step 1 letter\.post · in doubt: waiting \d s before asking a person/);
	expect(resumed).toMatchObject({
		code: 4,
		json: { runs: [{ status: 'waiting', waiting: [{ step: 1, for: 'doubt' }], doing: [{ step: 1, inDoubt: true }] }] },
	});
	expect(await asked(['settle', 'big', '1', '--done', '--result', '{"number":"one"}', ...dir], { environment })).toMatchObject({
		code: 2,
		json: { error: { name: 'Usage', message: expect.stringMatching(/^--result is none that letter\.post answers with: number: /) } },
	});
	const settled = await asked(['settle', 'big', '1', '--done', '--result', '{"number":1}', '--note', 'saw it', ...dir], { environment });
	expect(settled).toMatchObject({
		code: 0,
		json: {
			recorded: 'done',
			after: {
				status: 'finished',
				done: [
					{ step: 1, outcome: 'done', by: 'person' },
					{ step: 2, by: 'tool' },
				],
			},
		},
	});
	expect(journal.map(({ about }) => about)).toEqual(['anna', 'bert']);
});
