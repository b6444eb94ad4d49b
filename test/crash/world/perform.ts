/** One action in one world, with what a plan has befall it: the world after it, and every crossing on the way. */

import { createReader } from '../../../core/ledger/read.ts';
import { stepOf } from '../../../core/ledger/state.ts';
import { shownOf } from '../../../functions/decide/decide.ts';
import { lengths } from '../../doubles/lengths.ts';
import type { Told } from '../checker/seen.ts';
import { type Action, lookingAt, QUIET_MS, underWay } from './choices.ts';
import { type Crossing, here, meet, type Plan, type Running } from './crossing.ts';
import { doingOf } from './doing.ts';
import { type Result, wake } from './executions.ts';
import { sweepFunction } from './installation.ts';
import { askingIn, invoke } from './invoke.ts';
import { performTask, started, startedByHand } from './machine-calls.ts';
import { type Numbering, numberingOf } from './numbering.ts';
import type { Scenario } from './scenario.ts';
import { outsideOf } from './sinks.ts';
import { copyOf, type World } from './world.ts';

export type Performed = {
	readonly world: World;
	readonly crossings: readonly Crossing[];
	readonly logged: Running['logged'];
	readonly invocations: Running['invocations'];
};

export async function perform(
	scenario: Scenario,
	before: World,
	action: Action,
	plan: Plan,
	looks: Running['looks'] = {},
): Promise<Performed> {
	const world = copyOf(before);
	const others = () => underWay({ ...scenario, orders: 'all' }, world).filter((other) => !isSame(other, action));
	const running: Running = {
		world,
		doing: doingOf({
			scenario,
			world,
			logged: (line) => void running.logged.push(line),
			ask: (name, event) => askingIn(running, scenario)(name, event),
		}),
		plan,
		crossings: [],
		alive: [],
		pending: new Map(),
		invocations: [],
		logged: [],
		looks,
		underWay: 0,
		durable: () => durableSince(before, world, numberingOf(scenario)),
		meanwhile: async () => {
			const [first] = others();
			if (first) await act(scenario, running, first);
		},
	};
	const alone = others().length === 0;
	here.running = running;
	await act(scenario, running, action);
	if (scenario.sweeper === 'alone') world.owed = world.owed.filter(({ reason }) => reason === 'first');
	// What a process that ended had sent beside its last call arrives now.
	if (running.underWay > 0) await new Promise((resolve) => setImmediate(resolve));
	here.running = undefined;
	const crossings = alone
		? running.crossings.map((crossing) => ({ ...crossing, kinds: crossing.kinds.filter((kind) => kind !== 'overtaken') }))
		: running.crossings;
	return { world, crossings, logged: running.logged, invocations: running.invocations };
}

const isSame = (one: Action, other: Action): boolean => one.is === other.is && JSON.stringify(one) === JSON.stringify(other);

async function act(scenario: Scenario, running: Running, action: Action): Promise<void> {
	const { world } = running;
	switch (action.is) {
		case 'task':
			return performTask(scenario, running, action.address);
		case 'owed': {
			const owed = world.owed[action.index];
			world.owed = world.owed.filter((_, index) => index !== action.index);
			if (owed) started(running, owed);
			return;
		}
		case 'sweep':
			return started(running, action);
		case 'wait':
			return wake(world);
		case 'round':
			return round(scenario, running);
		case 'arrive': {
			const request = world.inFlight[action.index];
			world.inFlight = world.inFlight.filter((_, index) => index !== action.index);
			if (request) await outsideOf(world, scenario.targets).act(request.sink, request.input, request.context);
			return;
		}
		case 'operate':
			return operate(scenario, running, action.name);
		case 'answer':
			return answer(scenario, running, action);
	}
}

async function round(scenario: Scenario, running: Running): Promise<void> {
	const { world } = running;
	if (world.executions.length > 0) world.operated.add('round');
	world.nowMs += QUIET_MS;
	const { started } = world;
	await invoke(running, scenario, sweepFunction, {});
	world.rounds = world.started > started ? 0 : world.rounds + 1;
}

async function operate(scenario: Scenario, running: Running, name: string): Promise<void> {
	const { world } = running;
	const operation = (scenario.operations ?? []).find((candidate) => candidate.name === name);
	if (!operation) throw new TypeError(`${scenario.name} has no operation ${name}`);
	const { run, act: is, asks, starts } = operation;
	const from = lengths(world.state);
	const isFunction = 'function' in asks;
	const result = isFunction ? await invoke(running, scenario, asks.function, asks.event) : startedByHand(running, asks);
	const told = toldOf(running, isFunction ? asks.function : asks.machine, result);
	if (is) world.acts.push({ ...is, told, from, stood: lengths(world.state) });
	if (isFunction && asks.function === 'open' && world.opened.get(run) !== 'ok') world.opened.set(run, told);
	if (told === 'unknown') return;
	world.operated.add(name);
	if (starts && told === 'ok') world.owed.push({ run, reason: starts });
}

/** A person is shown what is asked, looks at the sinks where that is what they are to do, and answers; then the run is taken up. */
async function answer(
	scenario: Scenario,
	running: Running,
	{ asked: { run, step }, answer: how }: Extract<Action, { is: 'answer' }>,
): Promise<void> {
	const { world } = running;
	const store = lookingAt(world);
	const reader = createReader(store);
	const view = await reader.read(run);
	const held = stepOf(view.state, step);
	const asks = held && (await shownOf(view, held, { store, reader }));
	const happened = world.journal.effects.some((effect) => effect.run === run && effect.step === step);
	const is = how === 'look' ? (happened ? 'done' : 'failed') : how;
	const shown = how === 'look' ? {} : { shown: asks?.digest ?? '' };
	const said = { is, step, note: 'because', ...shown, ...(is === 'done' && { result: null }) };
	const from = lengths(world.state);
	const result = await invoke(running, scenario, 'decide', { run, answer: said });
	const told = toldOf(running, 'decide', result);
	const about = how === 'look' ? { looked: true } : { shown: asks?.shown ?? null };
	world.acts.push({ is, chain: run, step, told, ...about, from, stood: lengths(world.state) });
}

/** What whoever called by hand hears; the answer may be lost on the way. */
function toldOf(running: Running, operation: string, result: Result): Told {
	const isLost = meet(running, { at: 'operator.told', by: operation }) === 'crash-before';
	if (result.is === 'error' || isLost) return 'unknown';
	return (result.answer as { is?: string } | null)?.is === 'refused' ? 'fail' : 'ok';
}

/** What is durable now, as far as it is not what it was: within one action that says all, since nothing durable changes but by growing. */
function durableSince(before: World, now: World, { numberOf, objectNumber }: Numbering): string {
	const said = (object: object): number => objectNumber(object, (all) => all);
	const { state, journal } = now;
	const chains = [...state.chains].map(([chain, entries]) => `${chain} ${entries.length} ${numberOf(entries.at(-1)?.body ?? '')}`);
	return JSON.stringify([
		chains,
		[...state.claims].map(([key, claims]) => [key, claims.length]),
		[...state.items],
		[...state.keys].map(([run, key]) => [run, key === 'destroyed']),
		state.payloads.size,
		[journal.effects.slice(before.journal.effects.length).map(said), journal.arrived.length, journal.refused.length],
		[now.issued.length, now.handedOut.length, now.acts.length, now.drawn, now.nowMs],
		[now.inFlight.map(said), now.executions.map(said), now.owed, [...now.operated]],
	]);
}
