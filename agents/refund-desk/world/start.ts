/** Starts the outside world: four services, each in its own process, with their journals in one directory. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { syncDirectory } from './journal.ts';
import { report } from './process.ts';
import { type ServiceName, type ServiceOptions, serviceNames } from './services.ts';

export { type Lines, readJournal, type ServiceName, serviceNames } from './services.ts';

const READY_MS = 15_000;
const STOP_MS = 2_000;
const HEALTH_MS = 1_000;
/** After a kill the old services notice within milliseconds; so long we wait for them. */
const TAKEOVER_MS = 3_000;
const TAKEOVER_POLL_MS = 50;
const LAST_PORT = 65_535;

export type WorldOptions = {
	directory: string;
	/** The first of four ports in a row; 0, the default, lets the system choose each. */
	port?: number | undefined;
	/** PEM file of the credential issuer. It may come into being, and be replaced, while the world runs. */
	issuerPublicKey?: string | undefined;
	/** How long payments honours an idempotency key; 24 h by default. */
	keyLifeMs?: number | undefined;
	/** How long carrier hides a recall from searches; 400 by default. */
	visibleAfterMs?: number | undefined;
	/** How long a service keeps back its answer to a new refund, recall or message after journaling it; 0 by default. */
	answerDelayMs?: number | undefined;
	/** Where the services tell what they have seen, as CloudTrail would; nowhere by default. */
	trail?: string | undefined;
	/** Another `seed.json`. It counts only where a journal is still empty. */
	seed?: string | undefined;
};

const worldFile = z.strictObject({
	pid: z.int(),
	services: z.record(z.enum(serviceNames), z.strictObject({ url: z.url(), pid: z.int() })),
});
/** What stands in `DIR/world.json`. */
export type WorldFile = z.infer<typeof worldFile>;

export type World = WorldFile & {
	readonly directory: string;
	/** The agent's settings that lead to these services. */
	readonly settings: Readonly<Record<'ORDERS_URL' | 'PAYMENTS_URL' | 'CARRIER_URL' | 'MAIL_URL', string>>;
	/** Resolves when the world has ended: `undefined` after `stop`, else which service went by itself; the others are stopped then. */
	readonly ended: Promise<string | undefined>;
	stop(): Promise<void>;
};

/**
 * Starts all four services and writes `world.json` once all are up. They end with the calling process.
 *
 * @throws Error with a message for people: a port in use, a world already running in the directory, a damaged journal.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
	const directory = resolve(options.directory);
	const firstPort = options.port ?? 0;
	if (firstPort > LAST_PORT - serviceNames.length + 1) {
		throw new Error(
			`--port ${firstPort} leaves no room for ${serviceNames.length} ports; choose one up to ${LAST_PORT - serviceNames.length + 1}`,
		);
	}
	mkdirSync(directory, { recursive: true });
	await untilFree(directory);
	const started = serviceNames.map((service, index) =>
		startService(settled(options, { service, directory, port: firstPort && firstPort + index })),
	);
	const children = started.map(({ child }) => child);
	try {
		const ready = await Promise.all(started.map(({ up }) => up));
		const world: WorldFile = { pid: process.pid, services: byName((index) => ready[index]) };
		writeWorld(directory, world);
		return { ...world, directory, settings: worldSettings(world), ...lifeOf(directory, children) };
	} catch (error) {
		await stopAll(children);
		throw error;
	}
}

/** What the world in `directory` said when it came up; `undefined` when none is recorded. */
export function readWorld(directory: string): WorldFile | undefined {
	const file = join(directory, 'world.json');
	if (!existsSync(file)) return undefined;
	const parsed = worldFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
	return parsed.success ? parsed.data : undefined;
}

export function worldSettings({ services }: WorldFile): World['settings'] {
	return {
		ORDERS_URL: services.orders.url,
		PAYMENTS_URL: services.payments.url,
		CARRIER_URL: services.carrier.url,
		MAIL_URL: services.mail.url,
	};
}

function settled(options: WorldOptions, which: { service: ServiceName; directory: string; port: number }): ServiceOptions {
	return {
		...which,
		seed: resolve(options.seed ?? join(import.meta.dirname, 'seed.json')),
		...(options.issuerPublicKey === undefined ? {} : { issuerPublicKey: resolve(options.issuerPublicKey) }),
		keyLifeMs: options.keyLifeMs ?? 24 * 3_600_000,
		visibleAfterMs: options.visibleAfterMs ?? 400,
		answerDelayMs: options.answerDelayMs ?? 0,
		...(options.trail === undefined ? {} : { trail: resolve(options.trail) }),
	};
}

type Ready = { url: string; pid: number };

function startService(options: ServiceOptions): { child: ChildProcess; up: Promise<Ready> } {
	const child = fork(join(import.meta.dirname, 'process.ts'), [JSON.stringify(options)], {
		execArgv: [],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const up = new Promise<Ready>((resolveUp, reject) => {
		const late = setTimeout(() => reject(new Error(`${options.service} did not come up within ${READY_MS} ms`)), READY_MS);
		child.once('message', (message) => {
			clearTimeout(late);
			const told = report.parse(message);
			if ('ready' in told) resolveUp(told.ready);
			else reject(new Error(told.failed));
		});
		child.once('exit', (code, signal) => {
			clearTimeout(late);
			reject(new Error(`${options.service} ended with ${signal ?? `code ${code}`} before it was up`));
		});
	});
	// Promise.all reports the first refusal; the others must not count as unhandled.
	up.catch(() => {});
	return { child, up };
}

function lifeOf(directory: string, children: readonly ChildProcess[]): Pick<World, 'ended' | 'stop'> {
	let stopping: Promise<void> | undefined;
	const stop = () => {
		stopping ??= stopAll(children).then(() => rmSync(join(directory, 'world.json'), { force: true }));
		return stopping;
	};
	const ends = children.map(
		(child, index) =>
			new Promise<string | undefined>((done) => {
				const end = () => done(stopping ? undefined : `${serviceNames[index]} ended with ${child.signalCode ?? `code ${child.exitCode}`}`);
				if (hasEnded(child)) end();
				else child.once('exit', end);
			}),
	);
	const ended = Promise.race(ends).then(async (cause) => {
		await stop();
		return cause;
	});
	return { ended, stop };
}

async function stopAll(children: readonly ChildProcess[]): Promise<void> {
	await Promise.all(children.map(stopOne));
}

function stopOne(child: ChildProcess): Promise<void> {
	if (hasEnded(child)) return Promise.resolve();
	return new Promise((done) => {
		const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
		child.once('exit', () => {
			clearTimeout(late);
			done();
		});
		child.kill('SIGTERM');
	});
}

function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

/** A journal has one writer: waits for services of an earlier world to be gone. Asks them, since a pid may be another's by now. */
async function untilFree(directory: string): Promise<void> {
	const before = readWorld(directory);
	if (!before) return;
	const deadlineMs = performance.now() + TAKEOVER_MS;
	for (;;) {
		const alive = await Promise.all(Object.entries(before.services).map(([name, { url, pid }]) => answers(name, { url, pid })));
		if (!alive.includes(true)) return;
		if (performance.now() > deadlineMs)
			throw new Error(`a world is running in ${directory} (pid ${before.pid}): stop it, or choose another --dir`);
		await new Promise((next) => setTimeout(next, TAKEOVER_POLL_MS));
	}
}

async function answers(name: string, { url, pid }: Ready): Promise<boolean> {
	try {
		const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_MS) });
		const health = z.object({ service: z.literal(name), pid: z.literal(pid) }).safeParse(await response.json());
		return health.success;
	} catch {
		return false;
	}
}

/** Replaced in one rename, so that a reader sees a whole world or none. */
function writeWorld(directory: string, world: WorldFile): void {
	const file = join(directory, 'world.json');
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(world, null, '\t')}\n`);
	const descriptor = openSync(draft, 'r+');
	fsyncSync(descriptor);
	closeSync(descriptor);
	renameSync(draft, file);
	syncDirectory(directory);
}

function byName(of: (index: number) => Ready | undefined): WorldFile['services'] {
	return worldFile.shape.services.parse(Object.fromEntries(serviceNames.map((name, index) => [name, of(index)])));
}
