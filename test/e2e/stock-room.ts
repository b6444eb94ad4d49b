/** The stock room's program in a process of its own, which is killed, and what was really booked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { openAttempts, openSteps } from '../../core/ledger/state.ts';
import { type Desk, openDesk } from '../../local/desk.ts';
import { openDirectory } from '../../local/directory.ts';

export const RUN = 'deliveries-of-monday';
export const program = fileURLToPath(new URL('../../agents/stock-room/main.ts', import.meta.url));
export const naive = fileURLToPath(new URL('./naive-stock-keeper.ts', import.meta.url));
const deliveries = [
	{ item: 'bolts', quantity: 40 },
	{ item: 'nuts', quantity: 60 },
	{ item: 'bolts', quantity: 2 },
];

export type StockRoom = ReturnType<typeof stockRoom>;
export type Ended = { readonly code: number | null; readonly signal: string | null; readonly stdout: string; readonly stderr: string };

export function stockRoom(more: typeof deliveries = []) {
	const root = mkdtempSync(join(tmpdir(), 'stock-room-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
	const directory = join(root, 'state');
	const file = join(root, 'task.json');
	writeFileSync(file, JSON.stringify({ deliveries: [...deliveries, ...more] }));
	const start = (path: string, environment: Record<string, string> = {}) => {
		const words = path === naive ? [RUN, file, directory] : [RUN, file, '--dir', directory];
		return watched(
			spawn(process.execPath, [path, ...words], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] }),
		);
	};
	const booked = async (): Promise<{ bolts: unknown; nuts: unknown }> => {
		const { stores } = openDirectory(directory, { mustExist: true });
		try {
			const of = async (item: string) => (await stores.tables.get('stock', item))?.quantity;
			return { bolts: await of('bolts'), nuts: await of('nuts') };
		} finally {
			stores.close();
		}
	};
	/** Resolves once an attempt was granted that has not ended, or when the program has come to its end unseen. */
	const underWay = async (program: Promise<Ended>): Promise<void> => {
		let over = false;
		program.then(() => (over = true));
		while (!over && !existsSync(join(directory, 'hosts.db'))) await new Promise((next) => setTimeout(next, 5));
		const desk = openDesk(directory);
		while (!over && !(await isUnderWay(desk))) await new Promise((next) => setTimeout(next, 2));
		desk.close();
	};
	return { root, directory, start, booked, underWay };
}

async function isUnderWay({ reader }: Desk): Promise<boolean> {
	try {
		return openSteps((await reader.read(RUN)).state).some((step) => openAttempts(step).length > 0);
	} catch (error) {
		if (error instanceof Error && error.name === 'RunNotFound') return false;
		throw error;
	}
}

function watched(child: ChildProcess) {
	onTestFinished(() => void child.kill('SIGKILL'));
	const said = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) child[name]?.setEncoding('utf8').on('data', (text: string) => (said[name] += text));
	let over = false;
	// Not at its exit: what it said last may still be in the pipe.
	child.once('close', () => (over = true));
	const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, ...said })));
	const says = async (line: string): Promise<void> => {
		while (!said.stderr.split('\n').includes(line)) {
			if (over) throw new Error(`it ended without saying ${line}:\n${said.stderr}`);
			await new Promise((next) => setTimeout(next, 1));
		}
	};
	return { ended, says, kill: () => child.kill('SIGKILL') };
}
