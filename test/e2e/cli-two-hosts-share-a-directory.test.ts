/** Two commands on one directory at once: each drives its own runs, both may be asked for the same, and no effect is doubled. */
import { expect, test } from 'vitest';
import { asked, start } from './command.ts';
import { charge, errands, HELD, look, post, task } from './errand-desk.ts';

const sorted = (names: readonly string[]): string[] => [...names].sort();

test('the same tasks from both, at the same moment', async () => {
	const { agent, directory, environment, file, journal } = await errands();
	const names = ['anna', 'bert', 'cleo'];
	const input = file('tasks', names.map((name) => task([look(name)], [charge(name, 100, 200), post(name, 200)])).join('\n'));
	const words = ['run', agent, '--input', input, '--each', '--dir', directory];
	const both = await Promise.all([asked(words, { environment }), asked(words, { environment })]);
	for (const { code, json } of both)
		expect({ code, json }).toMatchObject({ code: 0, json: { runs: names.map(() => ({ status: 'finished', epoch: 0 })), takenUp: [] } });
	for (const did of ['charged', 'posted'])
		expect(sorted(journal.filter((line) => line.did === did).map(({ about }) => about))).toEqual(names);
	expect(journal.filter((line) => line.did === 'replayed')).toEqual([]);
});

test('a run that the other drives is waited for, and an answer to it lets it go on', async () => {
	const { agent, directory, environment, file, journal, until, letGo } = await errands();
	const dir = ['--dir', directory];
	const input = file('task.json', task([charge('anna', 9_000), post('bert', HELD)], [look('tea')]));
	const first = start(['run', agent, '--input', input, '--run', 'one', ...dir], { environment });
	await until('posted', 'bert');
	await first.says('step 1 till.charge · waits for a person');
	const others = [
		['approve', 'one', '1'],
		['run', agent, '--input', input, '--run', 'one'],
	].map((words) => start([...words, '--json', ...dir], { environment }));
	for (const other of others) await other.says('; waiting for it');
	letGo();
	const [answered, second] = await Promise.all(others.map(({ ended }) => ended));
	expect(answered?.stderr).toMatch(/one is driven by another throughline \(process \d+\); waiting for it/);
	expect([answered?.code, JSON.parse(answered?.stdout ?? '')]).toMatchObject([0, { after: { status: 'finished', epoch: 0 } }]);
	expect([second?.code, JSON.parse(second?.stdout ?? '')]).toMatchObject([0, { runs: [{ used: 'same-task' }] }]);
	// It was still at work on the letter, and went on with the answer by itself.
	expect((await first.ended).code).toBe(0);
	expect(journal.map(({ did, about }) => `${did} ${about}`)).toEqual(['posted bert', 'charged anna', 'looked tea']);
});
