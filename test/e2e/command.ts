/** The command `throughline` in a process of its own, and what it said. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

const entry = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));

export type Said = { readonly code: number | null; readonly signal: string | null; readonly stdout: string; readonly stderr: string };
export type Calling = {
	/** Added to an environment that has no settings of ours. */
	readonly environment?: Readonly<Record<string, string>>;
	readonly stdin?: string;
};
export type Started = {
	readonly child: ChildProcess;
	readonly ended: Promise<Said>;
	/** SIGKILL to the process and all that it has started. */
	killTree(): void;
	/** Resolves when stderr has said `words`. */
	says(words: string): Promise<void>;
};

export function start(words: readonly string[], { environment = {}, stdin }: Calling = {}): Started {
	const child = spawn(process.execPath, [entry, ...words], {
		cwd: repository,
		env: { ...process.env, ...environment },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const said = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
	child.stdin.on('error', () => {});
	child.stdin.end(stdin ?? '');
	let over = false;
	// Not at its exit: what it said last may still be in the pipe.
	child.once('close', () => (over = true));
	const ended = new Promise<Said>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, ...said })));
	const says = async (wanted: string): Promise<void> => {
		while (!said.stderr.includes(wanted)) {
			if (over) throw new Error(`it ended without saying ${wanted}:\n${said.stderr}`);
			await new Promise((next) => setTimeout(next, 10));
		}
	};
	return { child, ended, killTree: () => killTree(child.pid), says };
}

export const throughline = (words: readonly string[], calling?: Calling): Promise<Said> => start(words, calling).ended;

/** Runs the command with `--json` and reads its one document. */
export async function asked(words: readonly string[], calling?: Calling): Promise<{ code: number | null; stderr: string; json: unknown }> {
	const { code, stderr, stdout } = await throughline([...words, '--json'], calling);
	return { code, stderr, json: stdout === '' ? undefined : JSON.parse(stdout) };
}

function killTree(root: number | undefined): void {
	const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
		.trim()
		.split('\n')
		.map((row) => z.tuple([z.coerce.number(), z.coerce.number()]).parse(row.trim().split(/\s+/)));
	const tree = root === undefined ? [] : [root];
	for (const pid of tree) tree.push(...rows.filter(([, parent]) => parent === pid).map(([child]) => child));
	for (const pid of tree) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// Ended already.
		}
	}
}
