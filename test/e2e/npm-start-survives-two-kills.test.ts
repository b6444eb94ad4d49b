/** `npm start`, with tickets named, kills everything twice and ends with nothing lost and nothing done twice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm start', () => {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-start-'));
	const [program = '', ...words] = 'npm start -- --input agents/refund-desk/tickets.json'.split(' ');
	const { status, stdout, stderr } = spawnSync(program, [...words, '--dir', directory], { cwd: root, encoding: 'utf8' });
	rmSync(directory, { recursive: true, force: true });
	expect(status, stdout + stderr).toBe(0);
	expect(stdout.match(/^kill -9: /gm), stdout).toHaveLength(2);
	expect(stdout).toMatch(/SIGKILL/);
	expect(stdout).toMatch(/11 runs, .* effects seen, .* 0 findings$/m);
	expect(stdout).toMatch(/^Nothing was lost, and nothing was done twice\./m);
});
