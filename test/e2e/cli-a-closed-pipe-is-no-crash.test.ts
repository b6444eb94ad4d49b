/** A reader that goes away early (`| head`) ends neither the work nor its exit code. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { asked } from './command.ts';
import { errands, look, task } from './errand-desk.ts';

const entry = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

test('stdout and stderr closed from the start', async () => {
	const { agent, directory, environment, file } = await errands();
	const input = file('in.json', task([look('tea')]));
	const child = spawn(process.execPath, [entry, 'run', agent, '--input', input, '--run', 'one', '--dir', directory], {
		env: { ...process.env, ...environment },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child.stdout.destroy();
	child.stderr.destroy();
	expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
	expect(await asked(['status', 'one', '--dir', directory])).toMatchObject({ json: { status: 'finished' } });
});
