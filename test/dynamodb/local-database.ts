/**
 * AWS's own DynamoDB Local: fetched once into .cache, started on a port, ended by SIGKILL.
 * It ships inside an npm package of Amplify's, so the registry that installed everything else serves it too.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../doubles/free-port.ts';

export { freePort };

const packed = { name: 'amplify-dynamodb-simulator', version: '2.9.30' };
const integrity = 'sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';
const cache = new URL('../../.cache/', import.meta.url).pathname;
/** Java takes two seconds of a core to come up, and on a full machine many times as long. */
const START_MS = 120_000;
const POLL_MS = 100;
/** Most of what a machine optimises for long lives costs more here than it ever saves, and so do several threads that collect. */
const BRIEF = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export type LocalDatabase = {
	readonly endpoint: string;
	/** SIGKILL, and until the process is gone. */
	kill(): Promise<void>;
};

/**
 * Starts it, on a free port unless `port` says which.
 * @param options.directory where its files lie; without one it forgets everything at its end.
 * @throws without Java or the package, and says what is missing.
 */
export async function startLocalDatabase(options: { port?: number; directory?: string } = {}): Promise<LocalDatabase> {
	const emulator = await fetched();
	const port = options.port ?? (await freePort());
	const java = await started(emulator, port, options.directory);
	return { endpoint: `http://127.0.0.1:${port}`, kill: () => ended(java) };
}

/** The emulator's folder. A crash while unpacking leaves a temporary folder behind, never half an emulator. */
async function fetched(): Promise<string> {
	const home = join(cache, `${packed.name}-${packed.version}`);
	const emulator = join(home, 'package/emulator');
	if (existsSync(emulator)) return emulator;
	mkdirSync(cache, { recursive: true });
	const unpacked = mkdtempSync(join(cache, 'unpacking-'));
	try {
		await run('npm', ['pack', `${packed.name}@${packed.version}`, '--silent', '--pack-destination', unpacked]);
		const tarball = join(unpacked, `${packed.name}-${packed.version}.tgz`);
		const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
		if (found !== integrity)
			throw new Error(`${packed.name}@${packed.version} has integrity ${found}, not the pinned ${integrity}: don't run it`);
		await run('tar', ['-xzf', tarball, '-C', unpacked]);
		rmSync(tarball);
		// Another run may have been faster.
		if (!existsSync(home)) renameSync(unpacked, home);
	} finally {
		rmSync(unpacked, { recursive: true, force: true });
	}
	return emulator;
}

async function started(emulator: string, port: number, directory: string | undefined): Promise<ChildProcess> {
	const library = `-Djava.library.path=${join(emulator, 'DynamoDBLocal_lib')}`;
	const options = [...(directory === undefined ? ['-inMemory'] : ['-dbPath', directory]), '-disableTelemetry', '-port', String(port)];
	// The option alone does not keep it from counting its users; together with the variable it does.
	const env = { ...process.env, DDB_LOCAL_TELEMETRY: '0' };
	const java = spawn('java', [...BRIEF, library, '-jar', join(emulator, 'DynamoDBLocal.jar'), ...options], {
		cwd: emulator,
		env,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const killed = (): void => void java.kill('SIGKILL');
	process.once('exit', killed);
	java.once('exit', () => process.off('exit', killed));
	let said = '';
	let failure: Error | undefined;
	for (const stream of [java.stdout, java.stderr]) stream.on('data', (data) => (said = `${said}${data}`.slice(-4_000)));
	java.once(
		'error',
		(error) => (failure = new Error(`DynamoDB Local needs Java 17 or newer as "java" on PATH: install it. ${error.message}`)),
	);
	java.once(
		'exit',
		(code) => (failure ??= new Error(`DynamoDB Local ended at once with code ${code}; it needs Java 17 or newer. ${said}`)),
	);
	for (let waitedMs = 0; waitedMs < START_MS; waitedMs += POLL_MS) {
		if (failure) throw failure;
		// Without a signature it answers 400, which is an answer.
		if (
			await fetch(`http://127.0.0.1:${port}`).then(
				() => true,
				() => false,
			)
		)
			return java;
		await setTimeout(POLL_MS);
	}
	java.kill('SIGKILL');
	throw new Error(`DynamoDB Local did not answer on port ${port} within ${START_MS} ms. ${said}`);
}

async function ended(java: ChildProcess): Promise<void> {
	const exit = new Promise((resolve) => java.once('exit', resolve));
	if (java.exitCode === null && java.signalCode === null && java.kill('SIGKILL')) await exit;
}

async function run(command: string, given: string[]): Promise<void> {
	await promisify(execFile)(command, given).catch((error: Error) => {
		throw new Error(`DynamoDB Local can't be fetched into .cache: ${error.message}. Connect to the npm registry once, then run again`);
	});
}
