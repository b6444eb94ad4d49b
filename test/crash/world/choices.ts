/** What may happen next in a world: a task of an execution, what is owed, a request that arrives, somebody who operates or answers. */
import { memoryStore } from '../../../adapters/memory/store.ts';
import { epochMs } from '../../../core/ids.ts';
import { createReader, type Store } from '../../../core/ledger/read.ts';
import { isHeld, openSteps } from '../../../core/ledger/state.ts';
import { statusOf } from '../../../functions/status/status.ts';
import { readControl } from '../../../functions/surroundings.ts';
import { type Address, nextWake, tasksOf } from './executions.ts';
import type { Asked, Operation, Scenario } from './scenario.ts';
import type { Execution, Owed, World } from './world.ts';

export type Action =
	| { readonly is: 'task'; readonly address: Address }
	| { readonly is: 'owed'; readonly index: number }
	| { readonly is: 'arrive'; readonly index: number }
	| { readonly is: 'operate'; readonly name: string }
	| { readonly is: 'wait' }
	/** The sweeper goes its round, after all runs have been quiet for long enough. */
	| { readonly is: 'round' }
	| { readonly is: 'sweep'; readonly run: string; readonly reason: Owed['reason'] }
	| { readonly is: 'answer'; readonly asked: Asked; readonly answer: 'approve' | 'refuse' | 'look' };

/** What goes on by itself, in any order: each execution that nobody waits for is a strand of its own. */
export function underWay(scenario: Scenario, world: World): Action[] {
	const operations = (scenario.operations ?? []).filter((operation) => operation.when === 'any' && isOpen(operation, world));
	return [
		...operations.map(({ name }): Action => ({ is: 'operate', name })),
		...world.owed.map((_, index): Action => ({ is: 'owed', index })),
		...world.inFlight.map((_, index): Action => ({ is: 'arrive', index })),
		...tasksInOrder(scenario, world).map((address): Action => ({ is: 'task', address })),
		...(mayComeBeside(scenario, world) ? [{ is: 'round' } as const] : []),
	];
}

/** Longer than a run has to be quiet before the sweeper looks at it. */
export const QUIET_MS = 121_000;
/** After so many rounds that found nothing, the next will not either: long enough for a recovery that has failed to be made again. */
const ROUNDS = 4;

/** Once, while something is under way; no request and no wait may end in the time it takes. */
function mayComeBeside({ sweeper }: Scenario, world: World): boolean {
	if (sweeper !== 'beside' || world.operated.has('round') || world.executions.length === 0) return false;
	const soon = world.nowMs + QUIET_MS;
	return (nextWake(world) ?? soon) >= soon && world.inFlight.every(({ untilMs }) => untilMs >= soon);
}

function tasksInOrder({ orders }: Scenario, world: World): Address[] {
	const tasks = strandsOf(world).map((executions) => executions.flatMap(tasksOf));
	if (orders === 'all') return tasks.flat();
	const first = tasks.flatMap((strand) => strand.slice(0, 1));
	return orders === 'in line' ? first.slice(0, 1) : first;
}

const isOpen = ({ name, enabled }: Operation, world: World): boolean => !world.operated.has(name) && (enabled?.(world) ?? true);

/**
 * Executions that have one origin go one after another, also where it is gone: an execution that ended before those it
 * had started leaves them behind as one strand.
 */
function strandsOf(world: World): Execution[][] {
	const originOf = (execution: Execution): number => {
		if (!execution.parent) return execution.id;
		const parent = world.executions.find(({ id }) => id === execution.parent?.id);
		if (!parent) return execution.parent.id;
		// Started twice by one task: nobody waits for the other, which goes its own way.
		return waitsFor(parent, execution.id) ? originOf(parent) : execution.id;
	};
	const strands = new Map<number, Execution[]>();
	for (const execution of world.executions) {
		const origin = originOf(execution);
		strands.set(origin, [...(strands.get(origin) ?? []), execution]);
	}
	return [...strands.values()];
}

function waitsFor({ standing }: Execution, id: number): boolean {
	if (standing.is === 'started') return standing.execution === id;
	return standing.is === 'map' && standing.branches.some((branch) => branch.is === 'started' && branch.execution === id);
}

/** All that may happen next; nothing where the world has come to rest. */
export async function choices(scenario: Scenario, world: World): Promise<Action[]> {
	const now = underWay(scenario, world);
	const wakeMs = nextWake(world);
	// A request arrives before its time is over, or never.
	const mayWait = wakeMs !== undefined && world.inFlight.every(({ untilMs }) => untilMs >= wakeMs);
	const busy = now.some(({ is }) => is === 'task' || is === 'owed');
	if (!busy && mayWait) return [...now, { is: 'wait' }];
	if (busy || wakeMs !== undefined) return now;
	return [...now, ...(await quiet(scenario, world, now.length > 0))];
}

/** Nothing is under way: a sweeper looks at the runs, people at what they are asked. A run that is stuck is freed, unless an operator is about to act. */
async function quiet(scenario: Scenario, world: World, isAttended: boolean): Promise<Action[]> {
	const operation = (scenario.operations ?? []).find((candidate) => candidate.when === 'quiet' && isOpen(candidate, world));
	const next: Action[] = operation ? [{ is: 'operate', name: operation.name }] : [];
	for (const run of scenario.runs) {
		const action = await attended(scenario, world, run);
		const isFreeing = action?.is === 'sweep' && action.reason === 'person';
		if (action && !(isFreeing && (operation || isAttended))) return [action];
	}
	return next;
}

async function attended(scenario: Scenario, world: World, run: string): Promise<Action | undefined> {
	if (!world.state.chains.has(run)) return undefined;
	const store = lookingAt(world);
	const { state } = await createReader(store).read(run);
	const open = openSteps(state);
	switch (statusOf(state, open, await readControl(store, scenario.agent.name))) {
		case 'open':
		case 'settling':
			if (!scenario.sweeper) return { is: 'sweep', run, reason: 'recovery' };
			return world.rounds < ROUNDS ? { is: 'round' } : undefined;
		case 'stuck':
			return { is: 'sweep', run, reason: 'person' };
		case 'waiting':
			for (const step of open.filter(isHeld)) {
				const asked: Asked = { run, step: step.step, for: step.hold?.for ?? 'doubt' };
				const answer = scenario.answers?.(asked);
				if (answer) return { is: 'answer', asked, answer };
			}
			return undefined;
		default:
			return undefined;
	}
}

/** A store whose calls never fail and are nobody's crossings. */
export function lookingAt(world: World): Store {
	const { ledger, claims, keys, payloads } = memoryStore({ state: world.state });
	const randomness = { bytes: () => new Uint8Array() };
	return { ledger, claims, keys, payloads, clock: { now: () => epochMs.parse(world.nowMs) }, randomness };
}
