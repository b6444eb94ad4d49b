/** `run` opens a run of an agent that lies in any folder, drives it to its end and answers what became of it. */
import { expect, test } from 'vitest';
import { asked, throughline } from './command.ts';
import { charge, errands, look, post, task } from './errand-desk.ts';

const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test('one run, its task from a file', async () => {
	const { agent, directory, environment, journal, file } = await errands();
	const input = file('task.json', task([look('tea'), charge('anna', 100)], [post('anna')]));
	const { code, json, stderr } = await asked(['run', agent, '--input', input, '--run', 'one', '--dir', directory], { environment });
	const step = (number: number, tool: string) => ({ step: number, tool, outcome: 'done', by: 'tool', at: iso });
	expect(json).toEqual({
		runs: [
			{
				run: 'one',
				agent: 'errand-desk',
				status: 'finished',
				epoch: 0,
				doing: [],
				done: [step(1, 'shelf.look'), step(2, 'till.charge'), step(3, 'letter.post')],
				waiting: [],
				contradictions: [],
				answer: ['shelf.look done', 'till.charge done', 'letter.post done'],
				reason: null,
				used: null,
			},
		],
		failed: [],
		takenUp: [],
	});
	expect(code).toBe(0);
	expect(journal.map(({ did }) => did).sort()).toEqual(['charged', 'looked', 'posted']);
	expect(stderr).toContain('one · step 3 letter.post · done');
});

test('one run an element of NDJSON on stdin, in their own names or numbered', async () => {
	const { agent, directory, environment } = await errands();
	const stdin = `${task([look('tea')])}\n\n${JSON.stringify({ id: 'mine', rounds: [] })}\n`;
	const { code, stdout } = await throughline(['run', agent, '--input', '-', '--each', '--run', 'batch', '--dir', directory], {
		environment,
		stdin,
	});
	expect(stdout).toBe('batch-1  finished  (1 step done)\n  answer ["shelf.look done"]\nmine  finished  (0 steps done)\n  answer []\n');
	expect(code).toBe(0);
});

test('each plan that is refused says why', async () => {
	const { agent, directory, environment } = await errands();
	const stdin = task([{ tool: 'shelf.burn', input: {} }]);
	const { code, json, stderr } = await asked(['run', agent, '--input', '-', '--run', 'one', '--dir', directory], { environment, stdin });
	const why = 'call 1: there is no tool "shelf.burn"; there are shelf.look, letter.post, till.charge';
	// A planner that does not listen is asked for as many turns as it has.
	expect(stderr.split('\n').filter((line) => line.includes('a plan was refused'))).toEqual(
		Array(20).fill(`one · a plan was refused: ${why}`),
	);
	expect(json).toMatchObject({ runs: [{ status: 'exhausted', reason: 'the budget of 20 turns is used up' }] });
	expect(code).toBe(1);
});
