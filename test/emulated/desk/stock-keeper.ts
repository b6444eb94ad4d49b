/** The stock room's program, as it stands, in a process of its own: it drives a run in the account from outside, under a user of IAM. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EmulatedAccount } from '../emulated-account.ts';
import { functionUrlPath } from '../proxy/function-urls.ts';

const program = fileURLToPath(new URL('../../../agents/stock-room/main.ts', import.meta.url));

export type Delivery = { readonly item: string; readonly quantity: number };
export type Keeper = {
	/** Once it has said that line. @throws when it ends without. */
	says(line: string): Promise<void>;
	kill(): void;
	readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
};

export function stockKeeper(
	{ endpoint, region, outputs, directory, people }: EmulatedAccount,
	run: string,
	deliveries: readonly Delivery[],
) {
	const files = { task: join(directory, `${run}.json`), outputs: join(directory, `${run}-outputs.json`) };
	writeFileSync(files.task, JSON.stringify({ deliveries }));
	// What an URL's host name would lead to, the emulator serves under a path.
	const reachable = Object.entries(outputs).map(([name, value]) => [
		name,
		/\.lambda-url\./.test(value) ? `${endpoint}${functionUrlPath(value)}` : value,
	]);
	writeFileSync(files.outputs, JSON.stringify({ all: Object.fromEntries(reachable) }));
	const { accessKeyId, secretAccessKey } = people.driver;
	const env = {
		PATH: process.env.PATH,
		AWS_ENDPOINT_URL: endpoint,
		AWS_REGION: region,
		AWS_ACCESS_KEY_ID: accessKeyId,
		AWS_SECRET_ACCESS_KEY: secretAccessKey,
	};
	return (): Keeper =>
		watched(spawn(process.execPath, [program, run, files.task, '--outputs', files.outputs], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function watched(child: ChildProcess): Keeper {
	const said = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name]?.setEncoding('utf8').on('data', (text: string) => {
			said[name] += text;
		});
	}
	const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
		child.once('close', (code) => resolve({ code, ...said })),
	);
	return {
		ended,
		kill: () => void child.kill('SIGKILL'),
		says: async (line) => {
			while (!said.stderr.split('\n').includes(line)) {
				if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended without saying ${line}:\n${said.stderr}`);
				await new Promise((next) => setTimeout(next, 5));
			}
		},
	};
}
