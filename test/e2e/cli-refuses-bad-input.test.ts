/** Whatever is wrong with what the command is given: it says what, where and what to do, opens nothing and exits 2. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asked, throughline } from './command.ts';
import { type Errands, errands, look, task } from './errand-desk.ts';

type Words = (errand: Errands) => string[];
const withInput =
	(text: string, ...more: string[]): Words =>
	({ agent, file }) => ['run', agent, '--input', file('in.json', text), ...more];

const cases: Record<string, [words: Words, message: RegExp]> = {
	'an unknown command': [() => ['statu'], /^unknown command 'statu'\n\(Did you mean status\?\)$/],
	'an unknown option': [() => ['list', '--statu', 'open'], /^unknown option '--statu'\n\(Did you mean --status\?\)$/],
	'no input': [({ agent }) => ['run', agent], /^required option '--input <file>' not specified$/],
	'a missing file': [
		({ agent }) => ['run', agent, '--input', 'none.json'],
		/^none\.json can't be read: there is no such file; give a file/,
	],
	'a directory for a file': [({ agent }) => ['run', agent, '--input', agent], /can't be read: EISDIR/],
	'an empty file': [withInput(''), /in\.json is empty; it has to hold JSON$/],
	'malformed JSON': [withInput('{\n  "rounds": [,]\n}'), /in\.json, line 2, column 14: it is not JSON at ","; correct it/],
	'JSON that ends early': [withInput('{"rounds": ['), /line 1, column 13: it is not JSON at the end/],
	'a malformed line of NDJSON': [withInput('{"rounds":[]}\n\n{"rounds":]}\n', '--each'), /line 3, column 11: it is not JSON at "\]"/],
	'no element': [withInput('[]', '--each'), /holds no task; --each takes a JSON array/],
	'bytes that are no text': [
		({ agent, file }) => ['run', agent, '--input', file('in.json', Buffer.from([0x22, 0xff, 0x22]))],
		/in\.json is not UTF-8 text; save it as UTF-8$/,
	],
	'a task of another shape': [withInput('{"rounds": 1}'), /in\.json: the task is not one for errand-desk: rounds: /],
	'one element of another shape': [
		withInput('[{"rounds":[]}, 2]', '--each'),
		/^element 2 of .*in\.json: the task is not one for errand-desk/,
	],
	'too large a task': [withInput(JSON.stringify({ rounds: [], id: 'x'.repeat(70_000) })), /the task has 70\d{3} bytes; a run takes 65536/],
	'too large a file': [withInput(`${' '.repeat(1_100_000)}{}`), /has more than 1048576 bytes; give less at once/],
	'two elements of one id': [
		withInput('{"id":"aa","rounds":[]}\n{"id":"aa","rounds":[]}', '--each'),
		/^line 2 of .* would be run aa, as is line 1/,
	],
	'a run id that is too long': [
		withInput('{"rounds":[]}', '--run', 'x'.repeat(41)),
		/'--run <id>' argument .* is invalid\. a run id is 2 to 40/,
	],
	'control characters in a run id': [() => ['status', 'a\x1b[2Jb'], /value 'a.\[2Jb' is invalid for argument 'run'\. a run id is 2 to 40/],
	'a step that is none': [() => ['approve', 'aa', '0'], /steps are numbered from 1/],
	'a digest that is none': [() => ['approve', 'aa', '1', '--shown', 'abc'], /a digest is 64 hex digits/],
	'both ways of settling': [() => ['settle', 'aa', '1', '--done', '--failed'], /^say either --done or --failed$/],
	'a result that is no JSON': [
		() => ['settle', 'aa', '1', '--done', '--result', '{a:1}'],
		/^--result "\{a:1\}", line 1, column 2: it is not JSON/,
	],
	'a note too long, which is not said again': [
		() => ['approve', 'aa', '1', '--note', 'x'.repeat(2_001)],
		/^a note or reason has at most 2000 characters, of valid UTF-8; this one has 2001$/,
	],
	'a freeze of nothing': [() => ['freeze', '--reason', 'r'], /^name a run, or --agent NAME, or --all$/],
	'a freeze of two things': [() => ['freeze', 'aa', '--all', '--reason', 'r'], /^name a run, or --agent NAME, or --all$/],
	'an unknown status': [() => ['list', '--status', 'done'], /argument 'done' is invalid\. Allowed choices are open, waiting/],
	'an argument too many': [() => ['status', 'aa', 'bb'], /^too many arguments/],
};

test.for(Object.entries(cases))('%s', async ([, [words, message]]) => {
	const errand = await errands();
	const { code, json, stderr } = await asked([...words(errand), '--dir', errand.directory], { environment: errand.environment });
	expect(json).toEqual({ error: { name: 'Usage', message: expect.stringMatching(message) } });
	expect(code).toBe(2);
	expect(stderr).not.toContain('\x1b');
	expect(stderr).not.toMatch(/\n +at /);
	expect(existsSync(errand.directory)).toBe(false);
});

test('for people it is on stderr alone, and help is no failure', async () => {
	expect(await throughline(['nothing'])).toMatchObject({
		code: 2,
		stdout: '',
		stderr: expect.stringMatching(/^throughline: unknown command/),
	});
	const none = await throughline([]);
	expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('name a command; throughline --help lists them') });
	expect(await throughline(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes: 0 ok'), stderr: '' });
	expect(await throughline(['run', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--each') });
});

test('a control character in a task and its purpose never reaches the terminal', async () => {
	const { agent, directory, environment, file } = await errands();
	const hostile = 'a\x1b[2J\u202eb\r\nc';
	const input = file(
		'in.json',
		task([
			{ ...look(hostile), purpose: hostile },
			{ tool: 'till.charge', input: { account: hostile, amountCents: 9_000 }, purpose: hostile },
		]),
	);
	const dir = ['--run', 'one', '--dir', directory];
	const run = await throughline(['run', agent, '--input', input, ...dir], { environment });
	const page = await throughline(['status', 'one', '--dir', directory]);
	const approval = await throughline(['approve', 'one', '2', '--dir', directory], { environment });
	for (const said of [run, page, approval]) expect(`${said.stdout}${said.stderr}`).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
	expect(page.stdout).toContain('a\\x1b[2J\\u202eb\\x0d\\x0ac');
});
