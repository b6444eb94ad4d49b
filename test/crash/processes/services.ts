/**
 * The services outside, each a process that can be killed, stopped, and started again at the same address on the same
 * journal. The example's own `startWorld` ends all four when one goes; here three go on.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { report } from '../../../agents/refund-desk/world/process.ts';
import { HOST } from '../../../agents/refund-desk/world/serve.ts';
import { type ServiceName, type ServiceOptions, serviceNames } from '../../../agents/refund-desk/world/services.ts';
import { type World, worldSettings } from '../../../agents/refund-desk/world/start.ts';
import { compiledCode } from '../../../local/compiled-code.ts';
import { freePort } from '../../doubles/free-port.ts';

/** How a service keeps its word, and about what; the rest of what its process is started with is ours to choose. */
export type ServiceWords = Pick<ServiceOptions, 'seed' | 'keyLifeMs' | 'visibleAfterMs' | 'answerDelayMs'> & {
	readonly directory: string;
	readonly issuerPublicKey: string;
};
export type Services = {
	readonly settings: World['settings'];
	readonly pidOf: (service: ServiceName) => number | undefined;
	/** Kills it like a power cut. */
	down(service: ServiceName): Promise<void>;
	/** Starts it again, on the same address and journal. Resolves once it answers. */
	up(service: ServiceName): Promise<void>;
	end(): Promise<void>;
};

const processFile = fileURLToPath(new URL('../../../agents/refund-desk/world/process.ts', import.meta.url));
const loading = new URL('../../../local/loading.ts', import.meta.url).href;
const STARTS_TRIED = 20;
const RETRY_MS = 100;

export async function startServices(words: ServiceWords): Promise<Services> {
	mkdirSync(words.directory, { recursive: true });
	const children = new Map<ServiceName, ChildProcess>();
	const ports = new Map<ServiceName, number>();
	let ending = false;
	const start = async (service: ServiceName): Promise<void> => {
		for (let tried = 0; tried < STARTS_TRIED && !ending; tried += 1) {
			const { child, why } = await startOne({ ...words, service, port: ports.get(service) ?? 0 });
			children.set(service, child);
			if (why === undefined) return;
			await pause(RETRY_MS);
		}
		if (!ending) throw new Error(`${service} could not be started again`);
	};
	for (const service of serviceNames) ports.set(service, await freePort([...ports.values()]));
	await Promise.all(serviceNames.map(start));
	const urls = serviceNames.map((service) => [service, { url: `http://${HOST}:${ports.get(service)}`, pid: 0 }] as const);
	return {
		settings: worldSettings({ pid: process.pid, services: Object.fromEntries(urls) as World['services'] }),
		pidOf: (service) => children.get(service)?.pid,
		down: (service) => kill(children.get(service)),
		up: start,
		end: async () => {
			ending = true;
			await Promise.all([...children.values()].map(kill));
		},
	};
}

async function startOne(options: ServiceOptions): Promise<{ child: ChildProcess; why: string | undefined }> {
	const child = fork(processFile, [JSON.stringify(options)], {
		env: { ...process.env, NODE_COMPILE_CACHE: compiledCode },
		execArgv: ['--import', loading],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const told = once(child, 'message').then(([message]) => report.parse(message));
	const ended = once(child, 'exit').then(([code, signal]) => ({ failed: `it ended with ${signal ?? `code ${code}`}` }));
	const up = await Promise.race([told, ended]);
	if ('ready' in up) return { child, why: undefined };
	await kill(child);
	return { child, why: up.failed };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
	if (!child || child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill('SIGKILL');
	await gone;
}
