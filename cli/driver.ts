/** Driving runs from the command line until each ends, or waits for a person. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cedarPolicies } from '../adapters/cedar/cedar-policies.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { ResumeEvent } from '../functions/resume/resume.ts';
import { createHost, type Host } from '../local/host.ts';
import { type LoadedAgent, loadAgent } from '../local/load-agent.ts';
import { exits } from './exit-codes.ts';
import { Fault, told } from './fault.ts';
import type { Driving } from './options.ts';
import { createProgress } from './progress.ts';
import { type RunReport, reportOf } from './run-report.ts';
import { readSettings, type Settings, whatIsMissing } from './settings.ts';
import { printable, say } from './terminal.ts';

export type Driver = {
	readonly host: Host;
	/** The agent, ready to work: its policies hold and its settings are there. @throws Fault, AgentNotFound, AgentBroken, PolicyError */
	ready(loaded: LoadedAgent): LoadedAgent;
	/** Takes a run up in this process. @throws RunNotFound, LedgerBroken, and what `ready` throws */
	takeUp(run: string, reason: ResumeEvent['reason']): Promise<void>;
	/** Takes up what nothing drives, as far as it can be; answers the runs whose driving it has begun, each with its end. */
	takeUpInterrupted(): Promise<{ run: string; rested: Promise<RunReport> }[]>;
	/** Resolves once no other process drives `run`. */
	undriven(run: string): Promise<void>;
	/** Resolves when `run` has ended or waits, whoever drives it. */
	rested(run: string): Promise<RunReport>;
};

/** How often another process's run is looked at. */
const POLL_MS = 200;
/** Times a run that rests nowhere is taken up again by one command. */
const TAKES = 3;

/**
 * Opens a host, and closes it after `work`, whatever happens. Ctrl-C lets what is under way end, a second one does not.
 *
 * @throws Fault `Interrupted` after a signal
 */
export async function withDriver<T>(options: Driving & { mustExist: boolean }, work: (driver: Driver) => Promise<T>): Promise<T> {
	const settings = await readSettings(options);
	let host: Host | undefined;
	const progress = createProgress({
		source: () => host,
		agentOf: async (run) => (await host?.agentOf(run))?.agent,
		logs: join(options.dir, 'logs'),
	});
	host = createHost({ directory: options.dir, mustExist: options.mustExist, environment: settings, onEvent: progress.tell });
	const signalled = onSignal(host);
	try {
		const result = await Promise.race([work(driverOf(host, settings, options)), signalled.closed]);
		if (signalled.yet()) await signalled.closed;
		return result;
	} finally {
		await progress.written();
		if (!signalled.yet()) await host.close();
	}
}

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** `closed` rejects once the host has closed after a signal. */
function onSignal(host: Host): { closed: Promise<never>; yet: () => boolean } {
	let first = true;
	const { promise: closed, reject } = Promise.withResolvers<never>();
	closed.catch(() => {});
	for (const [signal, number] of Object.entries(SIGNALS)) {
		process.on(signal, () => {
			if (!first) process.exit(128 + number);
			first = false;
			say(
				'ending: what is under way is waited for, 10 s at most; once more ends it at once. Take the runs up again with: throughline resume',
			);
			const ended = new Fault('Interrupted', `ended by ${signal}; the runs go on with: throughline resume`, 128 + number);
			host.close().then(() => reject(ended), reject);
		});
	}
	return { closed, yet: () => !first };
}

function driverOf(host: Host, settings: Settings, options: Driving): Driver {
	const checked = new Set<Agent>();
	const ready = (loaded: LoadedAgent): LoadedAgent => {
		if (checked.has(loaded.agent)) return loaded;
		checkAgent(loaded, settings, options);
		checked.add(loaded.agent);
		return loaded;
	};
	const takeUp: Driver['takeUp'] = async (run, reason) => {
		ready(await host.agentOf(run));
		await host.recover(run, reason);
	};
	const rested = (run: string): Promise<RunReport> => untilRested(host, run);
	const takeUpInterrupted = async () => {
		const able: string[] = [];
		for (const run of await interruptedFor(host)) {
			try {
				ready(await host.agentOf(run));
				able.push(run);
			} catch (error) {
				say(`${run} was interrupted and can't be taken up: ${printable(told(error).message)}`);
			}
		}
		if (able.length > 0)
			say(`taking up ${able.length} ${able.length === 1 ? 'run that was' : 'runs that were'} interrupted: ${able.join(', ')}`);
		return able.map((run) => {
			const taken = host.recover(run, 'recovery').then(() => rested(run));
			// Whoever asked for other runs looks at these last; a failure must not end the process before that.
			taken.catch(() => {});
			return { run, rested: taken };
		});
	};
	return { host, ready, takeUp, takeUpInterrupted, undriven: (run) => undriven(host, run), rested };
}

/** Loads an agent and checks it before anything is written. */
export async function checkedAgent(nameOrFolder: string, options: Driving): Promise<LoadedAgent> {
	const loaded = await loadAgent(nameOrFolder);
	checkAgent(loaded, await readSettings(options), options);
	return loaded;
}

/** @throws Fault, PolicyError */
function checkAgent(loaded: LoadedAgent, settings: Settings, options: Driving): void {
	cedarPolicies({ agent: loaded.agent });
	const missing = whatIsMissing(loaded, settings, options);
	if (missing !== undefined) throw new Fault('SettingsMissing', missing, exits.usage);
}

async function untilRested(host: Host, run: string): Promise<RunReport> {
	for (let takes = 0; ; takes += 1) {
		const report = await atRest(host, run);
		if (!couldGoOn(report) || takes === TAKES) return report;
		// Nobody drives it, or somebody is about to: between two executions of another process there is a moment without.
		await pause(POLL_MS);
		const again = await atRest(host, run);
		if (!couldGoOn(again)) return again;
		await host.recover(run, 'recovery');
	}
}

const couldGoOn = ({ status }: RunReport): boolean => status === 'open' || status === 'settling';

/** Seen twice: a run that another process has just opened, or is just taking up, is not interrupted. */
async function interruptedFor(host: Host): Promise<string[]> {
	const seen = await host.interrupted();
	if (seen.length === 0) return [];
	await pause(POLL_MS);
	const still = new Set(await host.interrupted());
	return seen.filter((run) => still.has(run));
}

/** First nobody drives it, then it is read: what the reading finds is not about to change by itself. */
async function atRest(host: Host, run: string): Promise<RunReport> {
	await host.settled(run);
	await undriven(host, run);
	return reportOf(run, host);
}

/** Bounded by the life of whoever drives the run. */
async function undriven(host: Host, run: string): Promise<void> {
	let pid = host.drivenElsewhere(run);
	if (pid !== undefined) say(`${run} is driven by another throughline (process ${pid}); waiting for it`);
	for (; pid !== undefined; pid = host.drivenElsewhere(run)) await pause(POLL_MS);
}
