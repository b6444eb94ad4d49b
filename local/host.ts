/**
 * The embedded default: state machines, functions, credential broker and recovery on one machine. Several hosts may share
 * a directory; each drives the runs it started, and takes over those of hosts that died, whose processes it kills first.
 */
import { closeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ulid } from 'ulid';
import { epochMs, type Json, type MachineName, resumeFunction, type StepIds } from '../core/ids.ts';
import { createReader, type Reader, type Store } from '../core/ledger/read.ts';
import type { SessionRequest } from '../core/ports.ts';
import { type OpenAnswer, open } from '../functions/open/open.ts';
import { executionName, type ResumeEvent } from '../functions/resume/resume.ts';
import { settingsOf } from '../functions/settings.ts';
import { compiledCode } from './compiled-code.ts';
import { type Directory, openDirectory } from './directory.ts';
import { endingElsewhere } from './end-elsewhere.ts';
import { functionsOf, resumeSpec } from './function-specs.ts';
import { interruptedRuns } from './interrupted.ts';
import { openIssuer } from './issuer.ts';
import { type LoadedAgent, loadAgent } from './load-agent.ts';
import { createMachines, type ExecutionEnd, type Machines } from './machines.ts';
import { type Caps, createPool, type FunctionSpec, type Pool } from './pool.ts';
import { killMarked, startOf } from './processes.ts';
import { systemRandomness } from './randomness.ts';
import { type HostRecord, openRegistry, type Registry } from './registry.ts';
import { startSandbox } from './sandboxes.ts';
import { openTrail } from './trail.ts';

/** What a host tells while it works; ids only. */
export type HostEvent =
	| { is: 'planned'; run: string; next: string; steps: { step: number; tool: string }[] }
	| { is: 'step'; run: string; step: number; tool: string; status: string; waitSeconds?: number }
	| { is: 'retried'; run: string; function: string; error: string }
	| { is: 'execution'; run: string; machine: MachineName; end: 'started' | 'succeeded' | 'failed' }
	| { is: 'took-over'; host: string; processes: number };

export type HostOptions = {
	readonly directory: string;
	readonly mustExist?: boolean;
	/** What agents get of their declared settings; the process environment by default. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
	/** On either side of every window. One machine has one clock, so this covers the end of a killed process. */
	readonly marginMs?: number;
	readonly caps?: Caps;
	readonly onEvent?: (event: HostEvent) => void;
	readonly retryPace?: number;
};

export type Host = {
	readonly id: string;
	readonly directory: Directory;
	readonly store: Store;
	readonly reader: Reader;
	readonly marginMs: number;
	/** Loads an agent and remembers where it lives. @throws AgentNotFound, AgentBroken */
	agent(nameOrFolder: string): Promise<LoadedAgent>;
	/** Opens a run and starts it. */
	open(loaded: LoadedAgent, task: { run: string; task: unknown; by: string }): Promise<OpenAnswer>;
	/** Takes a run up again in this host, whoever drove it; what dead hosts have left is killed first. */
	recover(run: string, reason: ResumeEvent['reason']): Promise<void>;
	/** Starts an execution of one step, for an agent that runs elsewhere, with its call or without; `exists` when there was one of this name. */
	startStep(name: string, step: StepIds & { call?: Json }): Promise<'started' | 'exists'>;
	/** Whether that execution is under way, in this host or in another. */
	isUnderWay(name: string): boolean;
	/** The agent of a run, from where it was last seen. @throws RunNotFound, AgentNotFound, AgentBroken */
	agentOf(run: string): Promise<LoadedAgent>;
	/** Runs that nothing drives: left by hosts that died, whose processes are killed first, or never started. */
	interrupted(): Promise<string[]>;
	/** The process of another living host that has `run` under way. */
	drivenElsewhere(run: string): number | undefined;
	/** Resolves once this host has no execution of `run` under way. */
	settled(run: string): Promise<void>;
	/** Lets invocations under way end, bounded, and ends the processes. */
	close(): Promise<void>;
};

const MARGIN_MS = 500;
const CAPS: Caps = { guards: 8, others: 16, each: Math.max(1, availableParallelism() >> 1), starting: availableParallelism() };
const CLOSING_MS = 10_000;

export function createHost(options: HostOptions): Host {
	const id = ulid();
	const onEvent = options.onEvent ?? (() => {});
	const marginMs = options.marginMs ?? MARGIN_MS;
	const directory = openDirectory(options.directory, { mustExist: options.mustExist ?? false });
	const registry = openRegistry(directory.path);
	const clock = { now: () => epochMs.parse(Date.now()) };
	const issuer = openIssuer(directory.path, clock);
	takeOver(registry, onEvent);
	registry.enter({ id, pid: process.pid, started: startOf(process.pid) ?? '' });

	const { ledger, claims, keys, payloads, runs } = directory.stores;
	const store: Store = { ledger, claims, keys, payloads, clock, randomness: systemRandomness };
	const reader = createReader(store);
	const trail = openTrail(directory.path, clock.now);
	const functions = new Map<string, FunctionSpec>([[resumeFunction, resumeSpec(directory, marginMs)]]);
	const pool = createPool({
		find: (name) => functions.get(name),
		caps: options.caps ?? CAPS,
		start: (spec, onEnd) => {
			const logFd = directory.logFd(spec.name);
			const given = settingsOf(spec, options.environment);
			const answer =
				spec.kind === 'guard'
					? (question: unknown) => issueFor(spec.name, question as SessionRequest)
					: (question: unknown) => pool.invoke(functions.get(spec.name)?.calls[0] ?? '', question);
			const sandbox = startSandbox({
				spec,
				hostId: id,
				environment: { ...given, NODE_COMPILE_CACHE: compiledCode },
				logFd,
				answer,
				onEnd,
			});
			closeSync(logFd);
			return sandbox;
		},
	});
	/** I1: a guard assumes its own tool's roles and no others. */
	const issueFor = async (guard: string, request: SessionRequest) => {
		if (!functions.get(guard)?.roles?.includes(request.role)) {
			trail.refused(guard, String(request.role).slice(0, 128));
			throw Object.assign(new Error(`${guard} may not assume ${request.role}`), { name: 'AccessDenied' });
		}
		const credentials = await issuer.issue(request);
		trail.issued(guard, request, credentials);
		return credentials;
	};

	const underWay = new Map<string, Set<Promise<unknown>>>();
	const track = (run: string, work: Promise<unknown>): void => {
		const set = underWay.get(run) ?? new Set();
		underWay.set(run, set.add(work));
		void work.finally(() => set.delete(work)).catch(() => {});
	};
	const endElsewhere = endingElsewhere({ hostId: id, registry, reader });
	let closing = false;
	const machines = createMachines({
		functions: {
			invoke: async (name, event) => {
				await endElsewhere(name, event);
				return observed(pool, name, event, onEvent);
			},
		},
		registry,
		hostId: id,
		...(options.retryPace !== undefined && { retryPace: options.retryPace }),
		onStarted: (machine, run, ended) => track(run, watch(machine, run, ended)),
	});
	/** The rule: an execution that failed is recovered. Bounded by the ledger, which counts resumes without progress. */
	const watch = async (machine: MachineName, run: string, ended: Promise<ExecutionEnd>): Promise<void> => {
		onEvent({ is: 'execution', run, machine, end: 'started' });
		const end = await ended;
		onEvent({ is: 'execution', run, machine, end: end.is });
		if (end.is === 'failed' && machine === 'agent-run' && !closing) await startRecover(run, 'recovery');
	};
	let recoveries = 0;
	const startRecover = async (run: string, reason: ResumeEvent['reason']): Promise<void> => {
		await agentOf(run);
		recoveries += 1;
		const started = machines.start('recover', { name: `${run}-${id}-${recoveries}`, run, input: { run, reason } });
		if (started.is === 'started') track(run, watch('recover', run, started.ended));
		await (started.is === 'started' ? started.ended : undefined);
	};
	const remember = (loaded: LoadedAgent): LoadedAgent => {
		registry.setAgent(loaded.agent.name, loaded.folder);
		for (const [name, spec] of functionsOf(loaded, directory, marginMs)) functions.set(name, spec);
		remembered.set(loaded.agent.name, loaded);
		return loaded;
	};
	const remembered = new Map<string, LoadedAgent>();
	const agentOf = async (run: string): Promise<LoadedAgent> => {
		const { state } = await reader.read(run);
		return remembered.get(state.agent) ?? remember(await loadAgent(registry.agentFolder(state.agent) ?? state.agent));
	};

	return {
		id,
		directory,
		store,
		reader,
		marginMs,
		agent: async (nameOrFolder) => remember(await loadAgent(nameOrFolder)),
		open: async (loaded, { run, task, by }) => {
			// Marked before it exists: between its first entry and its execution, no other host is to find it undriven.
			const mark = `opening/${run}-${ulid()}`;
			registry.opening({ name: mark, run, host: id });
			try {
				const answer = await open({ run, task, by }, { store, reader, agent: loaded.agent, code: loaded.code });
				if (answer.is === 'opened') startFirst(machines, loaded, run, (ended) => track(run, watch('agent-run', run, ended)));
				return answer;
			} finally {
				registry.opened(mark);
			}
		},
		recover: (run, reason) => {
			takeOver(registry, onEvent);
			return startRecover(run, reason);
		},
		startStep: async (name, step) => {
			await agentOf(step.run);
			const started = machines.start('step', { name, run: step.run, input: step });
			if (started.is === 'started') track(step.run, watch('step', step.run, started.ended));
			return started.is;
		},
		isUnderWay: (name) => registry.isRunning(`step/${name}`),
		agentOf,
		interrupted: () => {
			takeOver(registry, onEvent);
			return interruptedRuns({ runs, store, reader, driven: registry.runsOf(registry.hosts().map((host) => host.id)) });
		},
		drivenElsewhere: (run) => {
			const others = registry.hosts().filter((host) => host.id !== id && isAlive(host));
			return others.find((host) => registry.runsOf([host.id]).has(run))?.pid;
		},
		settled: async (run) => {
			for (;;) {
				const work = [...(underWay.get(run) ?? [])];
				if (work.length === 0) return;
				await Promise.allSettled(work);
			}
		},
		close: async () => {
			closing = true;
			await pool.close(CLOSING_MS);
			registry.leave(id);
			registry.forget(id);
			registry.close();
			directory.stores.close();
		},
	};
}

function startFirst(machines: Machines, { agent }: LoadedAgent, run: string, onStarted: (ended: Promise<ExecutionEnd>) => void): void {
	if (!agent.planner) return;
	const started = machines.start('agent-run', { name: executionName(run, 0), run, input: { run, agent: agent.name, epoch: 0, hint: 0 } });
	if (started.is === 'started') onStarted(started.ended);
}

/** Where the system tells nothing of processes, a host counts as alive: a run that waits is better than one driven twice. */
const isAlive = (host: HostRecord): boolean => (startOf(host.pid) ?? '') === host.started;

/** Ends what dead hosts have left: their sandboxes must not act while their runs are taken up again. */
function takeOver(registry: Registry, onEvent: (event: HostEvent) => void): void {
	for (const host of registry.hosts()) {
		if (isAlive(host)) continue;
		const processes = killMarked(host.id);
		registry.forget(host.id);
		onEvent({ is: 'took-over', host: host.id, processes });
	}
}

async function observed(pool: Pool, name: string, event: unknown, onEvent: (event: HostEvent) => void): Promise<unknown> {
	const ids = event as StepIds;
	try {
		const answer = await pool.invoke(name, event);
		const said = answer as { next?: string; steps?: StepIds[]; status?: string; waitSeconds?: number };
		if (said.next !== undefined && said.steps)
			onEvent({ is: 'planned', run: ids.run, next: said.next, steps: said.steps.map(({ step, tool }) => ({ step, tool })) });
		if (said.status !== undefined) {
			onEvent({
				is: 'step',
				run: ids.run,
				step: ids.step,
				tool: ids.tool,
				status: said.status,
				...(said.waitSeconds !== undefined && { waitSeconds: said.waitSeconds }),
			});
		}
		return answer;
	} catch (error) {
		onEvent({ is: 'retried', run: ids.run, function: name, error: error instanceof Error ? error.name : String(error) });
		throw error;
	}
}
