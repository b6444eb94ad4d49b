/** MiniStack, installed once into .cache by Python's own tools, from the pinned list beside this file. */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const cache = fileURLToPath(new URL('../../../.cache/', import.meta.url));
/** What is written last: an installation that was cut off has none. */
const WHOLE = 'installed.txt';

export type Python = { readonly program: string };

/** The Python that has MiniStack. @throws Error that says what is missing: Python, its venv, or the way to a package registry. */
export async function installed(say: (line: string) => void): Promise<Python> {
	const list = readFileSync(requirements);
	const home = join(cache, `ministack-${createHash('sha256').update(list).digest('hex').slice(0, 12)}`);
	const program = join(home, 'bin', 'python');
	if (existsSync(join(home, WHOLE))) return { program };
	await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], 'Python 3.10 or newer as "python3" on PATH');
	say('installing MiniStack into .cache, once');
	await run('python3', ['-m', 'venv', '--clear', home], 'the venv module of Python (on Debian, the package python3-venv)');
	const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', requirements];
	await run(program, pip, 'a way to the Python package registry, once');
	const draft = join(home, randomUUID());
	writeFileSync(draft, list);
	renameSync(draft, join(home, WHOLE));
	return { program };
}

async function run(program: string, words: string[], needed: string): Promise<void> {
	try {
		await promisify(execFile)(program, words);
	} catch (error) {
		const said = error instanceof Error ? error.message.slice(0, 1_500) : String(error);
		throw new Error(`the emulated account needs ${needed}. ${said}`);
	}
}

/** Forgets the installation, so that the next run makes it again. */
export const forgotten = (python: Python): void => rmSync(join(python.program, '..', '..'), { recursive: true, force: true });
