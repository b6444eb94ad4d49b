/** The commands of the README's "Use it", in its order, in one terminal's working directory each. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Stands for the working directory: the commands run in the repository, with their state elsewhere. */
const state = mkdtempSync(join(tmpdir(), 'throughline-readme-'));
const elsewhere = ['--dir', state];
let world: ReturnType<typeof spawn>;

const run = (command: string): { code: number | null; stdout: string; stderr: string } => {
	const [program = '', ...words] = command.split(' ');
	const { status, stdout, stderr } = spawnSync(program, [...words, ...elsewhere], { cwd: root, encoding: 'utf8' });
	return { code: status, stdout, stderr };
};

beforeAll(async () => {
	const [program = '', ...words] = 'npm run world'.split(' ');
	world = spawn(program, [...words, '--', '--state', state], { cwd: root, stdio: 'ignore', detached: true });
	while (!existsSync(join(state, 'settings.json'))) await pause(50);
});
afterAll(async () => {
	if (world.pid !== undefined) process.kill(-world.pid, 'SIGTERM');
	await new Promise((resolve) => world.once('close', resolve));
	rmSync(state, { recursive: true, force: true });
});

test('run, list, status, approve, resume, audit', () => {
	const ran = run('npx throughline run refund-desk --input agents/refund-desk/tickets.json --each');
	expect(ran.code, ran.stderr).toBe(4);
	expect(run('npx throughline list').stdout).toMatch(/t-02-needs-approval .*waits for a person/);
	expect(run('npx throughline status t-02-needs-approval').stdout).toContain('approve t-02-needs-approval 2');
	const approved = run('npx throughline approve t-02-needs-approval 2 --yes');
	expect(approved.code, approved.stderr).toBe(0);
	expect(run('npx throughline list').stdout).toMatch(/t-02-needs-approval .*finished/);
	expect(run('npx throughline resume').code).toBe(0);
	const audited = run('npx throughline audit');
	expect(audited.stdout, audited.stderr).toMatch(/: 0 findings$/m);
	expect(audited.code).toBe(0);
});
