/** What becomes in a world of what one of its processes asks of it: each call as a crossing, over memory that outlives the process. */
import type { Fault } from '../../../adapters/memory/faults.ts';
import { memoryStore } from '../../../adapters/memory/store.ts';
import { epochMs, type MachineName } from '../../../core/ids.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import type { Credentials, SessionRequest } from '../../../core/ports.ts';
import { guardAnswer } from '../../../functions/guard/protocol.ts';
import { type Caller, type CrossingCall, cross, passed, type Running } from './crossing.ts';
import { start } from './executions.ts';
import { type Numbering, numberingOf } from './numbering.ts';
import type { Calls, Outward, Senses, Tells } from './outward.ts';
import type { Scenario } from './scenario.ts';
import { acting, lookingUp } from './sinks.ts';
import type { Execution, World } from './world.ts';

export type Doing = {
	readonly calls: { readonly [A in keyof Calls]: (...given: Parameters<Calls[A]>) => CrossingCall<Awaited<ReturnType<Calls[A]>>> };
	readonly senses: Senses;
	readonly tells: Tells;
};
export type Given = {
	readonly scenario: Scenario;
	readonly running: Running;
	readonly process: Caller;
	/** Asks another function, in a process of its own. @throws what its caller is told */
	readonly ask: (name: string, event: unknown) => Promise<unknown>;
};

export function doingOf({ scenario, running, process, ask }: Given): Doing {
	const { world } = running;
	const asked = async (guard: string, request: Parameters<Calls['guard.ask']>[1]) => {
		const answer = guardAnswer.parse(await ask(guard, request));
		if (answer.is === 'granted' || answer.is === 'look-up') world.handedOut.push({ ...answer, run: request.run, step: request.step });
		return answer;
	};
	return {
		calls: {
			...stored(running, process, pageBy(numberingOf(scenario))),
			...started(world),
			'issuer.issue': (request) => ({ at: 'issuer.issue', effect: passed('issuer.issue', async () => issued(world, request)) }),
			'guard.ask': (guard, request) => ({ at: 'guard.ask', effect: passed('guard.ask', () => asked(guard, request)) }),
			'planner.ask': (situation) => ({
				at: 'planner.ask',
				effect: passed('planner.ask', async () => {
					if (!scenario.agent.planner) throw new TypeError(`${scenario.agent.name} has no planner`);
					return scenario.agent.planner(situation);
				}),
			}),
			'sink.act': (sink, input, bearer) => acting(world, scenario.targets, { sink, input, bearer }),
			'sink.look-up': (sink, bearer) => lookingUp(world, scenario.targets, { sink, bearer }),
		},
		senses: {
			now: () => epochMs.parse(world.nowMs),
			draw: (length) => drawn(world, length),
			effects: (sink) => world.journal.effects.flatMap((effect) => (effect.sink === sink ? [effect.input] : [])),
		},
		tells: {
			log: (line) => void running.logged.push(line),
			exit: () => process.mortal.end('Runtime.ExitError'),
		},
	};
}

/** A process that does all it does at once. */
export function outwardOf(doing: Doing, running: Running, process: Caller): Outward {
	return {
		call: (at, ...given) => {
			const make = doing.calls[at] as (...all: typeof given) => CrossingCall<unknown>;
			return cross(running, process, make(...given)) as ReturnType<Calls[typeof at]>;
		},
		sense: (what, ...given) => {
			const sense = doing.senses[what] as (...all: typeof given) => ReturnType<Senses[typeof what]>;
			return sense(...given);
		},
		tell: (what, ...given) => {
			const tell = doing.tells[what] as (...all: typeof given) => void;
			tell(...given);
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
function stored({ world }: Running, { serving }: Caller, pageOf: (entries: readonly StoredEntry[]) => string): Stored {
	let planned: Fault | undefined;
	const { ledger, claims, keys, payloads, runs } = memoryStore({ state: world.state, fault: () => planned });
	const call = <T>(at: CrossingCall<T>['at'], effect: () => Promise<T>, says?: (answer: T) => string): CrossingCall<T> => ({
		at,
		effect: (fault) => {
			planned = fault;
			return effect();
		},
		...(says && { says }),
	});
	return {
		'ledger.read': (chain, page) => call('ledger.read', () => ledger.read(chain, page), pageOf),
		'ledger.latest': (chain, limit) => call('ledger.latest', () => ledger.latest(chain, limit), pageOf),
		'ledger.append': (entry, together) => {
			serving.appends.push({ chain: entry.chain, body: entry.body });
			return call('ledger.append', () => ledger.append(entry, together));
		},
		'claims.latest': (tool, key) => call('claims.latest', () => claims.latest(tool, key)),
		'keys.create': (run, key) => call('keys.create', () => keys.create(run, key), bytesOf),
		'keys.get': (run) => call('keys.get', () => keys.get(run), bytesOf),
		'keys.destroy': (run) => call('keys.destroy', () => keys.destroy(run)),
		'payloads.put': (name, bytes) => call('payloads.put', () => payloads.put(name, bytes)),
		'payloads.get': (name) => call('payloads.get', () => payloads.get(name), bytesOf),
		'runs.list': (page) => call('runs.list', () => runs.list(page)),
	};
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
		'executions.start': (machine, { name, input }) =>
			call('executions.start', () => {
				// The same name while its execution runs is answered like a start.
				if (underWay(machine).some((one) => one.name === name)) return 'started';
				return start(world, { machine, name, input: { ...input, run: String(input.run) } }) ? 'started' : 'exists';
			}),
		'executions.isRunning': (machine, name) => call('executions.isRunning', () => underWay(machine).some((one) => one.name === name)),
		'executions.running': (machine) => call('executions.running', () => underWay(machine).map(({ name }) => name)),
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
