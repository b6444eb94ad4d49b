/** Runs the command line as a person would: in a process of its own, which can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compiledCode } from '../compiled-code.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export type Started = { readonly child: ChildProcess; readonly ended: Promise<{ code: number | null; stdout: string }> };
export type CommandOptions = {
	readonly directory: string;
	readonly settings: Readonly<Record<string, string>>;
	readonly onLine?: (line: string) => void;
};

export function start(words: readonly string[], { directory, settings, onLine }: CommandOptions): Started {
	const child = spawn(process.execPath, [main, ...words, '--dir', directory, '--json'], {
		env: { ...process.env, ...settings, NODE_COMPILE_CACHE: compiledCode, NO_COLOR: '1' },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	createInterface({ input: child.stderr }).on('line', (line) => onLine?.(line));
	const ended = new Promise<{ code: number | null; stdout: string }>((resolve) => child.once('close', (code) => resolve({ code, stdout })));
	return { child, ended };
}

/** Runs a command to its end; answers what it printed as JSON. */
export async function command(words: readonly string[], options: CommandOptions): Promise<{ code: number | null; json: unknown }> {
	const { code, stdout } = await start(words, options).ended;
	return { code, json: stdout === '' ? undefined : JSON.parse(stdout) };
}
