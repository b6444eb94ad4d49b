/**
 * The functions of one agent with their middleware, each in a process of its own that can end at any moment, over ports in
 * memory that outlive it. What goes between them is JSON, as on the wire.
 */

import type { Fault, FaultPlan, Call as PortCall } from '../../adapters/memory/faults.ts';
import { befall } from '../../adapters/memory/faults.ts';
import { type MemoryState, memoryStore } from '../../adapters/memory/store.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { guardFunction, intakeFunction, type Json, planFunction, resumeFunction, statusFunction, toolFunction } from '../../core/ids.ts';
import { createReader, type Reader, type Store } from '../../core/ledger/read.ts';
import type { Clock, Policies } from '../../core/ports.ts';
import { guardHandler } from '../../functions/guard/handler.ts';
import { type GuardAnswer, type GuardRequest, guardAnswer } from '../../functions/guard/protocol.ts';
import { intakeHandler } from '../../functions/intake/handler.ts';
import { planHandler } from '../../functions/plan/handler.ts';
import { resumeHandler } from '../../functions/resume/handler.ts';
import { statusHandler } from '../../functions/status/handler.ts';
import { toolHandler } from '../../functions/tool/handler.ts';
import { LEDGER } from './cloudtrail.ts';
import type { FakeIssuer } from './issuer.ts';
import { lengths } from './lengths.ts';
import { crossed, crossing, type Mortal, mortal, type Turn } from './mortal.ts';
import type { SettableClock } from './time.ts';

/** One call of a port, anywhere in the installation. `index` counts them all, from 1. */
export type Crossed = { readonly at: string; readonly index: number; readonly function: string };

export type FunctionsOptions = {
	/** `cold`: each invocation is the first of its process. Asked before each one where it is a function. */
	readonly readers?: Readers | (() => Readers);
	readonly fault?: (call: Crossed) => Fault | undefined;
	/** Other ports for one function: what a naive variant is made of, or a test that looks in between. */
	readonly store?: (store: Store, name: string) => Store;
	/** Stands in for the door between a tool and its guard. */
	readonly door?: (request: GuardRequest, ask: (request: GuardRequest) => Promise<GuardAnswer>) => Promise<GuardAnswer>;
	/** Executions hand over after fewer entries than the bound. */
	readonly entriesPerExecution?: number;
	/** How processes live, where a test decides it. Without it each goes on at once, by the one clock, and ends when a call hangs. */
	readonly life?: Life;
};
export type Life = {
	readonly turn: Turn;
	/** The clock a process goes by. */
	clockOf(process: Mortal): Clock;
	/** The runtime begins to count: what it leaves the invocation, when its caller hears that the time is over, and what to do at its end. */
	begin(process: Mortal, timeoutMs: number): { remainingMs(): number; readonly over: Promise<never>; end(): void };
};
type Readers = 'warm' | 'cold';

/** What the functions share: an agent, and the world that outlives them. */
export type Shared = {
	readonly agent: Agent;
	readonly policies: Policies;
	readonly state: MemoryState;
	readonly clock: SettableClock;
	readonly randomness: Store['randomness'];
	readonly issuer: FakeIssuer;
};

/** What one invocation of a function was given, answered, and asked of the ledger. */
export type Invocation = {
	readonly function: string;
	readonly event: Json;
	answer?: Json;
	error?: { readonly name: string; readonly message: string };
	readonly queries: { readonly chain: string; readonly entries: number }[];
	readonly appends: { readonly chain: string; readonly body: string }[];
};
/** What a guard handed out. */
export type HandedOut = Extract<GuardAnswer, { is: 'granted' | 'look-up' }> & {
	readonly run: string;
	readonly step: number;
	/** How long every chain was then, where that is known. */
	readonly stood?: Readonly<Record<string, number>>;
};

/** The answer to a call that is known not to have been taken: a throttled invocation, a broker that is closed. */
export class Refused extends Error {
	override name = 'Refused';
}

export const MARGIN_MS = 500;
/** What a commit's session is narrowed to, as where the ledger is a table. */
const commits = { commitAccess: [{ actions: ['dynamodb:PutItem'], resources: [LEDGER] }] };
type Log = (line: { name: string; message: string }) => void;
type Context = { getRemainingTimeInMillis(): number; functionName: string };
type Handler = (event: unknown, context: Context) => Promise<unknown>;
type Common = { store: Store; reader: Reader; log: Log; exit: () => void };
type Sandbox = { readonly process: Mortal; readonly handler: Handler; serving: Invocation };

export function functionsOf(shared: Shared, options: FunctionsOptions) {
	const { agent, policies, state, clock, randomness, issuer } = shared;
	const invocations: Invocation[] = [];
	const handedOut: HandedOut[] = [];
	const logged: { name: string; message: string }[] = [];
	const calls = new Map<string, number>();
	let crossings = 0;

	const faultAt = (at: string, name: string): Fault | undefined => {
		crossings += 1;
		calls.set(at, (calls.get(at) ?? 0) + 1);
		return options.fault?.({ at, index: crossings, function: name });
	};
	/** A call of something that is no storage port. */
	const passing = <T>(at: string, name: string, call: () => Promise<T>): Promise<T> =>
		crossing(() => befall(faultAt(at, name), { cause: `${at} of ${name}`, effect: call, refused: (cause) => new Refused(cause) }), at);

	const storeOf = (name: string, process: Mortal, serving: () => Invocation | undefined): Store => {
		const fault: FaultPlan = (call: PortCall) => faultAt(`${call.port}.${call.verb}`, name);
		const memory = memoryStore({ state, fault });
		const ledger = observedLedger(memory.ledger, serving);
		const store: Store = {
			ledger: crossed(ledger, 'ledger'),
			claims: crossed(memory.claims, 'claims'),
			keys: crossed(memory.keys, 'keys'),
			payloads: crossed(memory.payloads, 'payloads'),
			clock: options.life?.clockOf(process) ?? clock,
			randomness,
		};
		return options.store?.(store, name) ?? store;
	};

	/** Handlers by function name, each over ports and a reader of its own. */
	const kinds = new Map<string, (common: Common) => Handler>();
	kinds.set(resumeFunction, (common) => resumeHandler({ ...common, by: 'function:resume' }) as Handler);
	const handsOver = options.entriesPerExecution === undefined ? {} : { entriesPerExecution: options.entriesPerExecution };
	kinds.set(planFunction(agent.name), (common) => planHandler({ ...common, ...handsOver, agent, settings: {} }) as Handler);
	kinds.set(intakeFunction(agent.name), (common) => intakeHandler({ ...common, agent }) as Handler);
	kinds.set(statusFunction(agent.name), (common) => statusHandler({ ...common, agent: agent.name }) as Handler);
	for (const tool of agent.tools.values()) {
		const name = toolFunction(agent.name, tool.name);
		const guard = guardFunction(agent.name, tool.name);
		kinds.set(guard, (common) => {
			const own: FakeIssuer['issuer'] = { issue: (request) => passing('issuer.issue', guard, () => issuer.issuer.issue(request)) };
			return guardHandler({ ...common, ...commits, agent, policies, tool: tool.name, marginMs: MARGIN_MS, issuer: own }) as Handler;
		});
		const ask = async (request: GuardRequest): Promise<GuardAnswer> => {
			const answer = guardAnswer.parse(await invoke(guard, request));
			const { run, step } = request;
			if (answer.is === 'granted' || answer.is === 'look-up') handedOut.push({ ...answer, run, step, stood: lengths(state) });
			return answer;
		};
		const door = (request: GuardRequest) => passing('guard.ask', name, () => (options.door ? options.door(request, ask) : ask(request)));
		kinds.set(name, ({ log, exit }) => toolHandler({ log, exit, tool, guard: door, settings: {} }) as Handler);
	}

	const idle = new Map<string, Sandbox[]>();
	const startSandbox = (name: string, serving: Invocation): Sandbox => {
		const kind = kinds.get(name);
		if (!kind) throw Object.assign(new Error(`there is no function ${name}`), { name: 'Lambda.ResourceNotFoundException' });
		const process = mortal(name, options.life?.turn);
		const store = storeOf(name, process, () => sandbox.serving);
		const log: Log = (line) => void logged.push(line);
		const handler = kind({ store, reader: createReader(store), log, exit: () => process.end('Runtime.ExitError') });
		const sandbox: Sandbox = { process, handler, serving };
		return sandbox;
	};

	async function invoke(name: string, given: unknown): Promise<unknown> {
		const event = onTheWire(given);
		const serving: Invocation = { function: name, event, queries: [], appends: [] };
		invocations.push(serving);
		const readers = typeof options.readers === 'function' ? options.readers() : options.readers;
		const sandbox = (readers === 'cold' ? undefined : idle.get(name)?.pop()) ?? startSandbox(name, serving);
		sandbox.serving = serving;
		const timeoutMs = timeoutOf(agent, name);
		const lease = options.life?.begin(sandbox.process, timeoutMs);
		const context = { functionName: name, getRemainingTimeInMillis: () => lease?.remainingMs() ?? timeoutMs };
		let answered = false;
		try {
			const work = sandbox.process
				.run(() => sandbox.handler(event, context))
				.finally(() => {
					answered = true;
				});
			serving.answer = onTheWire(await (lease ? Promise.race([work, lease.over]) : work));
			return serving.answer;
		} catch (error) {
			const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
			if (errorName === 'Sandbox.Timedout' && !lease) clock.advance(timeoutMs);
			serving.error = { name: errorName, message };
			throw Object.assign(new Error(message), { name: errorName });
		} finally {
			lease?.end();
			// One whose caller was told that its time is over, and which goes on all the same, is never used again.
			if (readers !== 'cold' && answered && !sandbox.process.hasEnded()) idle.set(name, [...(idle.get(name) ?? []), sandbox]);
		}
	}

	return {
		invoke,
		invocations,
		handedOut,
		logged,
		/** Calls of ports by `port.verb`, of all functions. */
		calls,
		crossings: () => crossings,
	};
}

/** Does `fault` to the `n`th call, from 1, of the port at `at` by the function of that name. */
export function faultOnce({ at, function: name, n }: { at: string; function: string; n: number }, fault: Fault) {
	let seen = 0;
	return (call: Crossed): Fault | undefined => {
		if (call.at !== at || call.function !== name) return undefined;
		seen += 1;
		return seen === n ? fault : undefined;
	};
}

const PLAN_MS = 60_000;
const OTHER_MS = 30_000;
function timeoutOf(agent: Agent, name: string): number {
	const tool = [...agent.tools.values()].find((candidate) => toolFunction(agent.name, candidate.name) === name);
	if (tool) return tool.timeoutSeconds * 1000;
	return name === planFunction(agent.name) ? PLAN_MS : OTHER_MS;
}

/** What leaves a function and what reaches it is JSON. */
const onTheWire = (value: unknown): Json => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

function observedLedger(ledger: Store['ledger'], serving: () => Invocation | undefined): Store['ledger'] {
	return {
		generation: ledger.generation,
		read: async (chain, at) => {
			const entries = await ledger.read(chain, at);
			serving()?.queries.push({ chain, entries: entries.length });
			return entries;
		},
		latest: async (chain, limit) => {
			const entries = await ledger.latest(chain, limit);
			serving()?.queries.push({ chain, entries: entries.length });
			return entries;
		},
		append: (entry, together) => {
			serving()?.appends.push({ chain: entry.chain, body: entry.body });
			return ledger.append(entry, together);
		},
	};
}
