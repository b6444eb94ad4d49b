/** A world that is up says so in the settings file of its state directory, and takes that back when it ends. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { asked } from './command.ts';
import { scratchDirectory } from './world-outside.ts';

const main = fileURLToPath(new URL('../../agents/refund-desk/world/main.ts', import.meta.url));
const ticket = {
	id: 't-01-small-refund',
	customer: 'c_anna',
	order: 'o_1001',
	text: 'One mug has a crack. Please refund 12.25 EUR.',
	wants: ['refund'],
};

test('`run refund-desk` finds it, and says what is missing when it is gone', async () => {
	const directory = scratchDirectory();
	const settings = join(directory, 'settings.json');
	writeFileSync(settings, '{"MINE": "x"}');
	const world = spawn(process.execPath, [main, '--state', directory], { stdio: 'ignore' });
	onTestFinished(() => void world.kill('SIGKILL'));
	await expect.poll(() => readFileSync(settings, 'utf8'), { timeout: 15_000 }).toContain('PAYMENTS_URL');
	const run = (id: string) =>
		asked(['run', 'refund-desk', '--input', '-', '--run', id, '--dir', directory], { stdin: JSON.stringify(ticket) });
	expect(await run('one')).toMatchObject({ code: 0, json: { runs: [{ answer: { done: ['refund 12.25 EUR'] } }] } });

	world.kill('SIGTERM');
	await new Promise((ended) => world.once('exit', ended));
	expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ MINE: 'x' });
	expect(existsSync(join(directory, 'world', 'world.json'))).toBe(false);
	expect(await run('two')).toMatchObject({
		code: 2,
		json: {
			error: {
				message: expect.stringMatching(
					/^refund-desk needs ORDERS_URL, PAYMENTS_URL, CARRIER_URL, MAIL_URL: start its world with npm run world, or set them .* agents\/refund-desk\/README\.md tells more$/,
				),
			},
		},
	});
});
