/** What is wrong with an agent is said before anything is opened: its code, its policies, its settings. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asked, throughline } from './command.ts';
import { charge, errands, look, task } from './errand-desk.ts';

const broken: Record<string, [change: (code: string) => string, name: string, message: RegExp]> = {
	'code that throws': [() => 'throw new Error("no luck");', 'AgentBroken', /agent\.ts can't be loaded: no luck$/],
	'no agent in it': [() => 'export default 1;', 'AgentBroken', /has no agent as its default export/],
	'a default export that defineAgent has not made': [
		() => "export default { name: 'errand-desk', tools: new Map(), policies: {} };",
		'AgentBroken',
		/has no agent as its default export \(entities: .*\); export default defineAgent/,
	],
	'a declaration that contradicts itself': [
		(code) => code.replace("'letter.post'", "'Letter Post'"),
		'AgentBroken',
		/tool "Letter Post": a tool name is/,
	],
	'a policy that does not parse': [
		(code) => code.replace('resource);', 'resource'),
		'PolicyError',
		/policies of errand-desk:\n- policy look-anywhere: /,
	],
	'a policy about no tool of it': [(code) => code.replace('Action::"shelf.look"', 'Action::"shelf.lock"'), 'PolicyError', /look-anywhere/],
};

test.for(Object.entries(broken))('%s', async ([, [change, name, message]]) => {
	const { agent, directory, environment } = await errands();
	const file = join(agent, 'agent.ts');
	writeFileSync(file, change(readFileSync(file, 'utf8')));
	const said = await asked(['run', agent, '--input', '-', '--dir', directory], { environment, stdin: task([]) });
	expect(said).toMatchObject({ code: 1, json: { error: { name, message: expect.stringMatching(message) } } });
	expect(said.stderr).not.toMatch(/\n +at /);
	expect(existsSync(directory)).toBe(false);
});

const ending = /an agent file may neither exit nor wait for ever while it is loaded$/;
test.for([
	['exits as it is loaded', 'process.exit(0);'],
	['waits for ever as it is loaded', 'await new Promise(() => {});'],
])('an agent file that %s is no success', async ([, code]) => {
	const { agent, directory, environment } = await errands();
	writeFileSync(join(agent, 'agent.ts'), code ?? '');
	const said = await asked(['run', agent, '--input', '-', '--dir', directory], { environment, stdin: task([]) });
	expect(said).toMatchObject({ code: 1, json: { error: { name: 'AgentBroken', message: expect.stringMatching(ending) } } });
});

test('what an agent file prints as it is loaded is not in the answer, and no control reaches a terminal', async () => {
	const { agent, directory, environment } = await errands();
	const file = join(agent, 'agent.ts');
	writeFileSync(file, `console.log('loaded \\u001b[31m');\n${readFileSync(file, 'utf8')}`);
	const words = ['run', agent, '--input', '-', '--run', 'one', '--dir', directory];
	const said = await asked(words, { environment, stdin: task([look('tea')]) });
	expect(said).toMatchObject({ code: 0, json: { runs: [{ run: 'one', status: 'finished' }] } });
	expect(said.stderr).toContain('loaded \\x1b[31m');

	writeFileSync(file, "throw new Error('a\\u009b2J\\u202e\\u2028');");
	const { stdout } = await throughline([...words, '--json'], { environment, stdin: task([]) });
	expect(stdout).toContain('a\\u009b2J\\u202e\\u2028');
	expect(stdout).not.toMatch(/[\u007f-\u009f\u2028\u202a-\u202e]/);
	expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringMatching(/a\u009b2J\u202e\u2028$/) } });
});

test('settings come from the environment, from a file, and from the directory; what is missing is named', async () => {
	const { agent, directory, environment, file } = await errands();
	const words = (run: string) => ['run', agent, '--input', '-', '--run', run, '--dir', directory];
	const stdin = task([look('tea')]);
	writeFileSync(join(agent, 'README.md'), '# Errands');
	expect(await asked(words('none'), { stdin })).toMatchObject({
		code: 2,
		json: {
			error: {
				name: 'SettingsMissing',
				message: expect.stringMatching(
					/^errand-desk needs SHOP_URL: set it in the environment, in .*settings\.json or by --settings FILE; .*README\.md tells more$/,
				),
			},
		},
	});
	expect(existsSync(directory)).toBe(false);

	const settings = JSON.stringify(environment);
	expect((await asked([...words('given'), '--settings', file('given.json', settings)], { stdin })).code).toBe(0);
	expect(await asked([...words('bad'), '--settings', file('bad.json', '{"SHOP_URL": 1}')], { stdin })).toMatchObject({
		code: 2,
		json: { error: { message: expect.stringMatching(/bad\.json: SHOP_URL: .*; it has to be an object of setting names to texts/) } },
	});
	writeFileSync(join(directory, 'settings.json'), settings);
	expect((await asked(words('standing'), { stdin })).code).toBe(0);
	const nearer = await errands();
	expect((await asked(words('nearer'), { stdin, environment: nearer.environment })).code).toBe(0);
	expect(nearer.journal).toHaveLength(1);
});

test('an answer is not recorded when its run could not go on', async () => {
	const { agent, directory, environment } = await errands();
	const dir = ['--dir', directory];
	await asked(['run', agent, '--input', '-', '--run', 'big', ...dir], { environment, stdin: task([charge('anna', 9_000)]) });
	expect(await asked(['approve', 'big', '1', ...dir])).toMatchObject({ code: 2, json: { error: { name: 'SettingsMissing' } } });
	expect(await asked(['status', 'big', ...dir])).toMatchObject({ json: { status: 'waiting' } });
});

test('an interrupted run whose agent is gone keeps no other from running', async () => {
	const { agent, directory, environment } = await errands();
	const dir = ['--dir', directory];
	await asked(['run', agent, '--input', '-', '--run', 'left', ...dir], { environment, stdin: task([charge('anna', 9_000)]) });
	await asked(['refuse', 'left', '1', '--no-resume', ...dir]);
	const other = join(agent, '..', 'other');
	mkdirSync(other);
	writeFileSync(join(other, 'agent.ts'), readFileSync(join(agent, 'agent.ts'), 'utf8').replace("'errand-desk'", "'other-desk'"));
	rmSync(agent, { recursive: true });
	const said = await throughline(['run', other, '--input', '-', '--run', 'right', ...dir], { environment, stdin: task([look('tea')]) });
	expect(said.stderr).toMatch(/left was interrupted and can't be taken up: there is no agent/);
	expect(said.code).toBe(0);
});
