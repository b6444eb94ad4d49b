/** One MiniStack process with its group: started on a free port, waited for, ended whole. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dynamodb/local-database.ts';
import { installed } from './installed.ts';

/** The account: its id is what its root signs with. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
/** Root's key: the emulator knows an account by it, and checks no signature of it. */
export const root = { accessKeyId: ACCOUNT, secretAccessKey: 'root' } as const;

const START_MS = 60_000;
const POLL_MS = 100;
const SAID_BYTES = 3_000;
const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url));
const emulator = fileURLToPath(new URL('emulator.py', import.meta.url));
const binaries = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

export type MiniStack = {
	readonly endpoint: string;
	/** Leads the group that its Lambda workers are in. */
	readonly group: number;
	stop(): Promise<void>;
};
export type MiniStackOptions = {
	readonly directory: string;
	/** Where its Lambda functions reach AWS. */
	readonly endpointOfFunctions: string;
	readonly say: (line: string) => void;
};

/** IAM is enforced: signatures, roles, boundaries, session policies, trust. @throws Error that says what is missing or went wrong. */
export async function startMiniStack({ directory, endpointOfFunctions, say }: MiniStackOptions): Promise<MiniStack> {
	const python = await installed(say);
	const port = await freePort();
	const temporary = join(directory, 'tmp');
	mkdirSync(temporary, { recursive: true });
	// Its workers' own script is CommonJS, and would otherwise be what this project's package.json says.
	writeFileSync(join(temporary, 'package.json'), '{}');
	const log = join(directory, 'ministack.log');
	const child = spawn(process.execPath, [keeper, python.program, emulator], {
		cwd: directory,
		detached: true,
		stdio: ['pipe', openSync(log, 'a'), openSync(log, 'a')],
		// Its workers inherit this: nothing of ours but where AWS is.
		env: {
			// The pinned Node, which is what its Lambda workers run on.
			PATH: [binaries, dirname(process.execPath), process.env.PATH].join(':'),
			HOME: directory,
			TMPDIR: temporary,
			GATEWAY_PORT: String(port),
			BIND_HOST: '127.0.0.1',
			MINISTACK_REGION: REGION,
			AWS_ENDPOINT_URL: endpointOfFunctions,
			AUTH: 'true',
			// Listeners that nothing here needs, on ports of their own.
			IOT_MTLS_ENABLED: '0',
			SFTP_ENABLED: '0',
			LOG_LEVEL: 'WARNING',
		},
	});
	const endpoint = `http://127.0.0.1:${port}`;
	await untilHealthy(child, endpoint, log);
	return { endpoint, group: child.pid ?? 0, stop: () => ended(child) };
}

async function untilHealthy(child: ChildProcess, endpoint: string, log: string): Promise<void> {
	for (let waitedMs = 0; waitedMs < START_MS; waitedMs += POLL_MS) {
		if (child.exitCode !== null || child.signalCode !== null) break;
		const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
		if (answer?.ok) return;
		await setTimeout(POLL_MS);
	}
	await ended(child);
	throw new Error(`MiniStack did not come up within ${START_MS} ms: ${readFileSync(log, 'utf8').slice(-SAID_BYTES)}`);
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exit = new Promise((resolve) => child.once('exit', resolve));
	// The keeper ends its whole group when this closes.
	child.stdin?.destroy();
	await exit;
}
