import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { emptyDirectory } from './sqlite-directory.ts';

test('a write that the kernel fails ends the process’s appends, and whatever was acknowledged is there', async () => {
	const directory = emptyDirectory();
	const program = new URL('sqlite-writer.ts', import.meta.url).pathname;
	const command = [process.execPath, program, directory.path, 'w', '1000000'];
	// No file of this process grows past 1,000 blocks: the next write is an I/O error to SQLite.
	const writer = spawnSync('sh', ['-c', 'ulimit -f 1000 && exec "$@"', 'sh', ...command], { input: 'go\n', encoding: 'utf8' });
	expect(writer.stderr).toMatch(
		/LedgerUnavailable: .*ledger\.db is unavailable: its disk does not read or write; nothing was written\. Check the disk/,
	);
	const appended = writer.stdout.split('\n').filter((line) => line.includes('"appended"')).length;
	const { ledger } = directory.open({ generation: 'by-w', expect: 'existing' });
	const [head] = await ledger.latest('run-1', 1);
	expect(appended).toBeGreaterThan(0);
	expect(head?.place).toBe(appended - 1);
});
