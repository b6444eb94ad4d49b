/** `npm run world`: says where it is, says when it can't, and leaves no process behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readWorld, startWorld, type WorldFile } from '../../agents/refund-desk/world/start.ts';
import { get, isAlive, killHard, scratchDirectory, untilGone } from './world-outside.ts';

/** However slow the machine is. */
const WITHIN_MS = 60_000;
const MAIN = join(import.meta.dirname, '../../agents/refund-desk/world/main.ts');

type Run = { child: ChildProcess; said: () => string; complained: () => string };

function run(command: string, args: readonly string[]): Run {
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	let [out, err] = ['', ''];
	child.stdout.on('data', (chunk) => {
		out += chunk;
	});
	child.stderr.on('data', (chunk) => {
		err += chunk;
	});
	return { child, said: () => out, complained: () => err };
}

async function untilUp(directory: string): Promise<WorldFile> {
	await expect.poll(() => readWorld(directory), { timeout: WITHIN_MS }).toBeDefined();
	const world = readWorld(directory);
	if (!world) throw new Error('it was there a moment ago');
	return world;
}

const pidsOf = (world: WorldFile) => [world.pid, ...Object.values(world.services).map(({ pid }) => pid)];

test('it prints one line a service, and SIGTERM ends all five processes', async () => {
	const directory = scratchDirectory();
	const { child, said } = run(process.execPath, [MAIN, '--dir', directory]);
	const world = await untilUp(directory);
	await expect.poll(said, { timeout: WITHIN_MS }).toMatch(/^orders +http.*\npayments +http.*\ncarrier +http.*\nmail +http.*\n$/);
	expect((await get(`${world.services.mail.url}/health`)).body).toMatchObject({ service: 'mail' });
	child.kill('SIGTERM');
	expect(await once(child, 'exit')).toEqual([0, null]);
	expect(pidsOf(world).filter(isAlive)).toEqual([]);
	expect(readWorld(directory)).toBeUndefined();
});

test('killed with -9, its services go as well, and it can be started again at once', async () => {
	const directory = scratchDirectory();
	run(process.execPath, [MAIN, '--dir', directory]);
	const world = await untilUp(directory);
	await killHard(world.pid);
	const next = await startWorld({ directory });
	await next.stop();
	await Promise.all(pidsOf(world).map((pid) => untilGone(pid)));
});

test('when the process that started it is killed, it ends', async () => {
	const directory = scratchDirectory();
	const script = `import('node:child_process').then(({ spawn }) => spawn(process.execPath, process.argv.slice(1), { stdio: 'ignore' }))`;
	const { child: parent } = run(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000)`, MAIN, '--dir', directory]);
	const world = await untilUp(directory);
	if (parent.pid === undefined) throw new Error('the parent has no pid');
	await killHard(parent.pid);
	await Promise.all(pidsOf(world).map((pid) => untilGone(pid)));
});

test('when one service dies, it says which, ends the others and exits 1', async () => {
	const directory = scratchDirectory();
	const { child, complained } = run(process.execPath, [MAIN, '--dir', directory]);
	const world = await untilUp(directory);
	process.kill(world.services.carrier.pid, 'SIGKILL');
	expect(await once(child, 'exit')).toEqual([1, null]);
	expect(complained()).toContain('carrier ended with SIGKILL');
	await Promise.all(pidsOf(world).map((pid) => untilGone(pid)));
});

test('a port in use is named, with what to do', async () => {
	const directory = scratchDirectory();
	const taken = createServer().listen(0, '127.0.0.1');
	await once(taken, 'listening');
	onTestFinished(() => void taken.close());
	const address = taken.address();
	if (typeof address !== 'object' || !address) throw new Error('no port');
	const { child, complained, said } = run(process.execPath, [MAIN, '--dir', directory, '--port', String(address.port - 1)]);
	expect(await once(child, 'exit')).toEqual([1, null]);
	expect(complained()).toContain(`port ${address.port} is in use: choose another with --port, or stop whoever listens on it`);
	expect(said()).toBe('');
	expect(readWorld(directory)).toBeUndefined();
});

test.for([
	[['--port', 'x'], '--port is "x"; it must be a whole number'],
	[['--port', '65533'], 'leaves no room for 4 ports'],
	[['--prot', '1'], '--prot'],
] as const)('%s is refused', async ([args, message]) => {
	const { child, complained } = run(process.execPath, [MAIN, '--dir', scratchDirectory(), ...args]);
	expect(await once(child, 'exit')).toEqual([1, null]);
	expect(complained()).toContain(message);
});
