/** Whoever started MiniStack is killed: its whole group goes. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';

const membersOf = (group: string): string[] =>
	execFileSync('ps', ['-eo', 'pgid=,args='], { encoding: 'utf8' })
		.split('\n')
		.filter((line) => line.trim().split(/\s+/)[0] === group);

test.each(['SIGKILL', 'SIGINT'] as const)('by %s', async (signal) => {
	const directory = join(inject('emulated').directory, `alone-${signal}`);
	mkdirSync(directory);
	const starter = spawn(process.execPath, [fileURLToPath(new URL('account/started-alone.ts', import.meta.url)), directory], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const group = await new Promise<string>((resolve) => starter.stdout.once('data', (said) => resolve(String(said).trim())));
	expect(membersOf(group).length).toBeGreaterThan(1);
	starter.kill(signal);
	await expect.poll(() => membersOf(group), { timeout: 20_000 }).toEqual([]);
});
