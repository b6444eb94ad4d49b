/** What becomes in a world of what one of its processes asks of it: each call as a crossing, over memory that outlives the process. */
import type { Fault } from '../../../adapters/memory/faults.ts';
import { type MemoryStore, memoryStore } from '../../../adapters/memory/store.ts';
import { epochMs, type MachineName } from '../../../core/ids.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import type { Credentials, SessionRequest } from '../../../core/ports.ts';
import { type GuardAnswer, type GuardRequest, guardAnswer } from '../../../functions/guard/protocol.ts';
import type { HandedOut } from '../../doubles/functions.ts';
import { frozen } from '../remember/remembered.ts';
import { type Caller, type CrossingCall, cross, digestOf, passed, type Running } from './crossing.ts';
import { start } from './executions.ts';
import { type Numbering, numberingOf } from './numbering.ts';
import type { Calls, Outward, Senses, Tells } from './outward.ts';
import type { Scenario } from './scenario.ts';
import { acting, lookingUp } from './sinks.ts';
import type { Execution, World } from './world.ts';

/** By whom it is asked comes first. */
export type Doing = {
	readonly calls: {
		readonly [A in keyof Calls]: (caller: Caller, ...given: Parameters<Calls[A]>) => CrossingCall<Awaited<ReturnType<Calls[A]>>>;
	};
	readonly senses: Senses;
	readonly tells: { readonly [T in keyof Tells]: (caller: Caller, ...given: Parameters<Tells[T]>) => void };
};
export type Given = {
	readonly scenario: Scenario;
	readonly world: World;
	readonly logged: Tells['log'];
	/** Asks another function, in a process of its own. @throws what its caller is told */
	readonly ask: (name: string, event: unknown) => Promise<unknown>;
};

export function doingOf({ scenario, world, logged, ask }: Given): Doing {
	const { objectNumber } = numberingOf(scenario);
	const asked = async (guard: string, request: Parameters<Calls['guard.ask']>[1]) => {
		const answer = answerOf(await ask(guard, request));
		if (answer.is === 'granted' || answer.is === 'look-up') world.handedOut.push(handedOut(answer, request));
		return answer;
	};
	return {
		calls: {
			...stored(world, pageBy(numberingOf(scenario))),
			...started(world),
			'issuer.issue': (_, request) => ({ at: 'issuer.issue', effect: passed('issuer.issue', async () => issued(world, request)) }),
			'guard.ask': (_, guard, request) => ({
				at: 'guard.ask',
				effect: passed('guard.ask', () => asked(guard, request)),
				says: (answer) => String(objectNumber(answer, (all) => all)),
			}),
			'planner.ask': (_, situation) => ({
				at: 'planner.ask',
				effect: passed('planner.ask', async () => {
					if (!scenario.agent.planner) throw new TypeError(`${scenario.agent.name} has no planner`);
					return scenario.agent.planner(situation);
				}),
			}),
			'sink.act': (_, sink, input, bearer) => acting(world, scenario.targets, { sink, input, bearer }),
			'sink.look-up': (_, sink, bearer) => lookingUp(world, scenario.targets, { sink, bearer }),
		},
		senses: {
			now: () => epochMs.parse(world.nowMs),
			draw: (length) => drawn(world, length),
			effects: (sink) => world.journal.effects.flatMap((effect) => (effect.sink === sink ? [effect.input] : [])),
		},
		tells: {
			log: (_, line) => logged(line),
			exit: ({ mortal }) => mortal.end('Runtime.ExitError'),
		},
	};
}

/** A process that does all it does at once. */
export function outwardOf(doing: Doing, running: Running, process: Caller): Outward {
	return {
		call: (at, ...given) => {
			const make = doing.calls[at] as (caller: Caller, ...all: typeof given) => CrossingCall<unknown>;
			return cross(running, process, make(process, ...given)) as ReturnType<Calls[typeof at]>;
		},
		sense: (what, ...given) => {
			const sense = doing.senses[what] as (...all: typeof given) => ReturnType<Senses[typeof what]>;
			const value = sense(...given);
			if (running.looks.pasts) process.past = digestOf(`${process.past}\n${JSON.stringify(value)}`);
			return value;
		},
		tell: (what, ...given) => {
			const tell = doing.tells[what] as (caller: Caller, ...all: typeof given) => void;
			tell(process, ...given);
		},
	};
}

/** Which entries those are: bodies chain up, so the last one stands for all before it. */
const pageBy =
	({ numberOf }: Numbering) =>
	(entries: readonly StoredEntry[]): string =>
		`${entries[0]?.place} ${entries.length} ${numberOf(entries.at(-1)?.body ?? '')}`;
const bytesOf = (bytes: Uint8Array | undefined): string => (bytes ? Buffer.from(bytes).toString('base64') : 'none');

type Stored = Pick<
	Doing['calls'],
	| `ledger.${'read' | 'latest' | 'append'}`
	| `keys.${'create' | 'get' | 'destroy'}`
	| `payloads.${'put' | 'get'}`
	| 'claims.latest'
	| 'runs.list'
>;
function stored(world: World, pageOf: (entries: readonly StoredEntry[]) => string): Stored {
	let planned: Fault | undefined;
	const stores = new Map<Caller, MemoryStore>();
	/** Each process has ports of its own, which count what they are asked. */
	const storeOf = (caller: Caller): MemoryStore => {
		const store = stores.get(caller) ?? memoryStore({ state: world.state, fault: () => planned });
		stores.set(caller, store);
		return store;
	};
	const call = <T>(at: CrossingCall<T>['at'], effect: () => Promise<T>, says?: (answer: T) => string): CrossingCall<T> => ({
		at,
		effect: (fault) => {
			planned = fault;
			return effect();
		},
		...(says && { says }),
	});
	return {
		'ledger.read': (by, chain, page) => call('ledger.read', () => storeOf(by).ledger.read(chain, page), pageOf),
		'ledger.latest': (by, chain, limit) => call('ledger.latest', () => storeOf(by).ledger.latest(chain, limit), pageOf),
		'ledger.append': (by, entry, together) => {
			by.serving.appends.push({ chain: entry.chain, body: entry.body });
			return call('ledger.append', () => storeOf(by).ledger.append(entry, together));
		},
		'claims.latest': (by, tool, key) => call('claims.latest', () => storeOf(by).claims.latest(tool, key)),
		'keys.create': (by, run, key) => call('keys.create', () => storeOf(by).keys.create(run, key), bytesOf),
		'keys.get': (by, run) => call('keys.get', () => storeOf(by).keys.get(run), bytesOf),
		'keys.destroy': (by, run) => call('keys.destroy', () => storeOf(by).keys.destroy(run)),
		'payloads.put': (by, name, bytes) => call('payloads.put', () => storeOf(by).payloads.put(name, bytes)),
		'payloads.get': (by, name) => call('payloads.get', () => storeOf(by).payloads.get(name), bytesOf),
		'runs.list': (by, page) => call('runs.list', () => storeOf(by).runs.list(page)),
	};
}

/** Both sides parse what goes between a tool and its guard. The same answer, which nobody can change, is the same parsed. */
const parsed = new WeakMap<object, GuardAnswer>();
function answerOf(given: unknown): GuardAnswer {
	if (typeof given !== 'object' || given === null || !Object.isFrozen(given)) return guardAnswer.parse(given);
	const known = parsed.get(given) ?? frozen(guardAnswer.parse(given));
	parsed.set(given, known);
	return known;
}

/** By the answer: no other step was ever given it. */
const handed = new WeakMap<GuardAnswer, HandedOut>();
function handedOut(answer: Extract<GuardAnswer, { is: 'granted' | 'look-up' }>, { run, step }: GuardRequest): HandedOut {
	const known = handed.get(answer);
	if (known?.run === run && known.step === step) return known;
	const now = { ...answer, run, step };
	handed.set(answer, now);
	return now;
}

/** What a process starts of the state machines, and sees of what is under way. */
function started(world: World): Pick<Doing['calls'], `executions.${'start' | 'isRunning' | 'running'}`> {
	/** A branch that goes on alone, after its execution's end, is in nobody's list. */
	const underWay = (machine: MachineName): Execution[] =>
		world.executions.filter((one) => one.machine === machine && one.within === undefined);
	const call = <T>(at: `executions.${'start' | 'isRunning' | 'running'}`, effect: () => T): CrossingCall<T> => ({
		at,
		effect: passed(at, async () => effect()),
	});
	return {
		'executions.start': (_, machine, { name, input }) =>
			call('executions.start', () => {
				// The same name while its execution runs is answered like a start.
				if (underWay(machine).some((one) => one.name === name)) return 'started';
				return start(world, { machine, name, input: { ...input, run: String(input.run) } }) ? 'started' : 'exists';
			}),
		'executions.isRunning': (_, machine, name) => call('executions.isRunning', () => underWay(machine).some((one) => one.name === name)),
		'executions.running': (_, machine) => call('executions.running', () => underWay(machine).map(({ name }) => name)),
	};
}

/** The broker journals what it issues; its secrets are recognisable wherever they turn up. */
function issued(world: World, request: SessionRequest): Credentials {
	const number = String(world.issued.length + 1).padStart(5, '0');
	const credentials = {
		accessKeyId: `ASIAFAKE${number}`,
		secretAccessKey: `secret-access-key-${number}-of-${request.sessionName}`,
		sessionToken: `session-token-${number}-of-${request.sessionName}`,
		expiresAt: epochMs.parse(world.nowMs + request.durationSeconds * 1000),
	};
	world.issued.push({ request, credentials });
	return credentials;
}

/** No two draws of one world are alike; what they are says nothing. */
function drawn(world: World, length: number): Uint8Array {
	world.drawn += 1;
	const bytes = Buffer.alloc(length, 0x5a);
	bytes.writeUInt32BE(world.drawn, 0);
	bytes.writeUInt32BE(Math.imul(world.drawn, 0x9e3779b1) >>> 0, 4);
	return bytes;
}
