/** `status` tells from the ledger what a run was doing, may still do and has completed, while nothing of it runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { asked, throughline } from './command.ts';
import { charge, type Errands, errands, look, task } from './errand-desk.ts';

const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** A run that has looked, and asks for an approval. */
async function waiting(): Promise<Errands> {
	const errand = await errands();
	const { agent, directory, environment, file } = errand;
	const input = file('task.json', task([look('tea')], [charge('anna', 9_900)]));
	expect((await throughline(['run', agent, '--input', input, '--run', 'big', '--dir', directory], { environment })).code).toBe(4);
	return errand;
}

const doing = [{ step: 2, tool: 'till.charge', effect: 'replay', inDoubt: false, since: at }];
const done = [{ step: 1, tool: 'shelf.look', outcome: 'done', by: 'tool', at }];
const waitingFor = [{ step: 2, for: 'approval', since: at }];

test('its document, its page, and what is left without the agent and without the key', async () => {
	const { agent, directory } = await waiting();
	const whole = await asked(['status', 'big', '--dir', directory]);
	expect(whole).toEqual({
		code: 0,
		stderr: '',
		json: {
			run: 'big',
			agent: 'errand-desk',
			status: 'waiting',
			epoch: 0,
			doing,
			allowed: [
				{ tool: 'shelf.look', verdict: 'allow', why: 'look-anywhere' },
				{ tool: 'letter.post', verdict: 'depends', why: 'on the input, by post-to-all-but-eve' },
				{ tool: 'till.charge', verdict: 'depends', why: expect.stringContaining('charge-a-little') },
			],
			done,
			waiting: waitingFor,
			contradictions: [],
		},
	});

	const page = (await throughline(['status', 'big', '--dir', directory])).stdout;
	expect(page).toContain('big · errand-desk · waits for a person');
	expect(page).toContain(`throughline approve big 2 --dir "${directory}"`);
	expect(page).toMatch(/purpose +as the task says/);
	expect(page).toMatch(/"amountCents": 9900/);

	rmSync(agent, { recursive: true });
	const gone = await asked(['status', 'big', '--dir', directory]);
	expect(gone).toMatchObject({ code: 0, json: { status: 'waiting', doing, allowed: [], done, waiting: waitingFor } });
	expect(gone.stderr).toMatch(/what errand-desk may still do can't be told without its code: there is no agent/);

	const keys = new DatabaseSync(join(directory, 'keys.db'));
	keys.exec('UPDATE keys SET key = randomblob(32)');
	// Nobody approves what can't be read.
	expect(await asked(['approve', 'big', '2', '--yes', '--no-resume', '--dir', directory])).toMatchObject({
		code: 1,
		json: { error: { name: 'RunKeyLost', message: expect.stringMatching(/Nothing was recorded.*refuse it$/) } },
	});
	keys.exec('UPDATE keys SET key = NULL');
	keys.close();
	expect(await asked(['status', 'big', '--dir', directory])).toMatchObject({
		code: 0,
		json: { status: 'waiting', done, waiting: waitingFor },
	});
	expect((await throughline(['status', 'big', '--dir', directory])).stdout).toContain(
		"what it asks can't be shown: the key of the run is lost",
	);
});

test('a run whose key is lost: nothing is allowed any more, nobody takes its task for another, and others are opened', async () => {
	const { agent, directory, environment, file } = await waiting();
	const keys = new DatabaseSync(join(directory, 'keys.db'));
	keys.exec('UPDATE keys SET key = NULL');
	keys.close();
	const why = "the run's key is lost or was destroyed: nothing is granted";
	expect(await asked(['status', 'big', '--dir', directory])).toMatchObject({
		code: 0,
		json: { allowed: ['shelf.look', 'letter.post', 'till.charge'].map((tool) => ({ tool, verdict: 'deny', why })) },
	});

	const run = (text: string, ...more: string[]) =>
		asked(['run', agent, '--input', file('again.json', text), ...more, '--dir', directory], { environment });
	const error = { name: 'RunKeyLost', message: expect.stringMatching(/^the key of run big is lost.*throughline stop$/) };
	const small = task([look('tea')], [charge('anna', 9_900)]);
	expect(await run(small, '--run', 'big')).toMatchObject({ code: 1, json: { error } });
	const both = await run(`[{"id":"big","rounds":[]},{"id":"other","rounds":[]}]`, '--each');
	expect(both).toMatchObject({ code: 1, json: { runs: [{ run: 'other', status: 'finished' }], failed: [{ run: 'big', error }] } });
	expect(both.stderr).toContain('big: the key of run big is lost');

	expect(await asked(['stop', 'big', '--dir', directory])).toMatchObject({ code: 0 });
	const over = await run(small, '--run', 'big');
	expect(over).toMatchObject({ code: 1, json: { runs: [{ run: 'big', used: 'unknown-task' }] } });
	expect(over.stderr).toMatch(/whether with the task of .*again\.json can't be told any more: its key was destroyed/);
});
