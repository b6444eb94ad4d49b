/** One state of the world: ledgers, processes that are alive, what is true at the target whatever the ledgers say, and what may still befall it. */
import type { RunState, StepState } from '../../../core/ledger/state.ts';
import type { Claim } from '../../../core/ports.ts';
import type { Desk } from './desk.ts';
import { digestKeyOf, keyOf, type Ledger } from './ledger.ts';
import type { Faults, PolicyMode, Scenario } from './settings.ts';
import type { Running, Shipped } from './shipped.ts';

/** What happened, told by nobody. `age`: seconds since the first effect. */
export type Truth = { readonly effects: number; readonly acted: readonly number[]; readonly age: number };

type OfStep = { readonly run: string; readonly step: number; readonly epoch: number };
export type Next = { readonly state: 'act' } | { readonly state: 'settle'; readonly attempts: readonly number[] };

/** An execution of agent-run. One `name` each epoch, so one of each is ever started. */
export type RunExecution = { readonly is: 'run'; readonly run: string; readonly epoch: number; readonly at: 'plan' | 'planning' | 'steps' };
/** An execution of step. */
export type StepExecution = OfStep & {
	readonly is: 'step';
	readonly at:
		| { readonly is: 'ready' | 'invoking'; readonly next: Next }
		| { readonly is: 'waiting'; readonly left: number; readonly next: Next };
};
/** A process of the tool's function. `heard`: its execution still waits for its answer. `life`: seconds the runtime leaves it. */
export type ToolProcess = OfStep & { readonly is: 'tool'; readonly heard: boolean; readonly life: number; readonly doing: Doing };
export type Doing =
	/** `age`: seconds since the guard read the clock. `granted`: the attempt that is recorded and not yet handed out. */
	| { readonly is: 'asking'; readonly call: Running; readonly age: number; readonly granted: number | null }
	/** `power`: seconds for which its target still takes anything from it. */
	| { readonly is: 'granted'; readonly attempt: number; readonly token: string; readonly power: number; readonly acted: boolean }
	| { readonly is: 'looking-up'; readonly token: string; readonly attempts: readonly number[] }
	| { readonly is: 'reporting'; readonly call: Running; readonly about: number | null; readonly again: boolean };
/** A planner's function, or one that a person or a sweeper called. `starts`: the epoch whose execution it is about to start. */
export type FunctionProcess = {
	readonly is: 'function';
	readonly run: string;
	readonly epoch: number;
	readonly heard: boolean;
	readonly call: Running;
	readonly starts: number | null;
};
export type Process = RunExecution | StepExecution | ToolProcess | FunctionProcess;

export type World = {
	readonly ledgers: readonly Ledger[];
	/** Epochs whose execution was started, by run. */
	readonly started: readonly (readonly number[])[];
	/** Whether the agent's control chain says frozen. */
	readonly frozen: boolean;
	readonly policy: PolicyMode;
	readonly claims: readonly Claim[];
	readonly truths: Readonly<Record<string, Truth>>;
	readonly processes: readonly Process[];
	readonly left: Faults;
};

export type Broken = { readonly invariant: string; readonly why: string };
/** One atomic action, in words, and the world after it. */
export type Move = { readonly says: string; readonly world: World; readonly broken?: Broken | undefined };

/** What a search goes by. */
export type Setting = { readonly scenario: Scenario; readonly desk: Desk; readonly shipped: Shipped };

export const runs = ['r1', 'r2'] as const;
export const indexOf = (run: string): number => (run === 'r1' ? 0 : 1);
export const ledgerOf = (world: World, run: string): Ledger => {
	const ledger = world.ledgers[indexOf(run)];
	if (!ledger) throw new Error(`there is no run ${run}`);
	return ledger;
};
export const stateOf = (world: World, run: string): RunState => ledgerOf(world, run).state;
export const NOTHING: Truth = { effects: 0, acted: [], age: 0 };
export const truthOf = (world: World, run: string, step: number): Truth => world.truths[`${run}.${step}`] ?? NOTHING;
export const allSteps = (state: RunState): StepState[] => Object.values(state.steps);

/** The world with `process` as `changed`, or gone. */
export function replaced(world: World, process: Process, ...changed: Process[]): World {
	return { ...world, processes: [...world.processes.filter((other) => other !== process), ...changed] };
}
export const joined = (world: World, ...processes: Process[]): World => ({ ...world, processes: [...world.processes, ...processes] });
export const spent = (world: World, fault: keyof Faults): World => ({ ...world, left: { ...world.left, [fault]: world.left[fault] - 1 } });
export const withTruth = (world: World, at: { run: string; step: number }, truth: Truth): World => ({
	...world,
	truths: { ...world.truths, [`${at.run}.${at.step}`]: truth },
});
export const withLedger = (world: World, run: string, ledger: Ledger): World => ({
	...world,
	ledgers: world.ledgers.map((other, index) => (index === indexOf(run) ? ledger : other)),
});

const keys = new WeakMap<Process, string>();
function keyOfProcess(process: Process): string {
	const known = keys.get(process);
	if (known) return known;
	const made = keyOf(JSON.stringify(inShort(process)));
	keys.set(process, made);
	return made;
}

/** A call is told by its key. */
function inShort(process: Process): object {
	if (process.is === 'function') return { ...process, call: process.call.key };
	return process.is === 'tool' && 'call' in process.doing
		? { ...process, doing: { ...process.doing, call: process.doing.call.key } }
		: process;
}

/** Processes have no names: two that are alike are told apart by nobody. */
export function keyOfWorld(world: World): string {
	const { ledgers, processes, claims, ...rest } = world;
	const parts = [ledgers.map(({ key }) => key), processes.map(keyOfProcess).sort(), claims.map(({ run, step, n }) => [run, step, n]), rest];
	return digestKeyOf(JSON.stringify(parts));
}
