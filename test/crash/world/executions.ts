/** Executions of a world: which tasks are to be done, what their answers make of them, and who hears of their ends. */
import type { Json } from '../../../core/ids.ts';
import type { MachineName, Scope } from '../../../statemachines/shape.ts';
import {
	type Around,
	type AtTask,
	answered,
	begin,
	failed,
	innerOf,
	joined,
	machines,
	type Order,
	orderOf,
	type Standing,
	woken,
} from './machine.ts';
import type { Execution, World } from './world.ts';

/** A task that is to be done: of an execution, or of one branch of the Map it is at. */
export type Address = { readonly execution: number; readonly branch?: number };

/** The states an execution is in: its machine's, or those of the Map whose branch it was. */
function scopeOf({ machine, within }: Execution): Scope {
	const whole = machines[machine];
	return within === undefined ? whole : innerOf(whole, within);
}
const aroundOf = (world: World, { name }: Execution): Around => ({ nowMs: world.nowMs, executionId: name });
export const executionOf = (world: World, id: number): Execution | undefined => world.executions.find((execution) => execution.id === id);

/** Starts an execution. `false` when its name was used before. */
export function start(
	world: World,
	{
		machine,
		name,
		input,
		parent,
	}: { machine: MachineName; name?: string | undefined; input: { run: string } & Json; parent?: Execution['parent'] },
): boolean {
	const { run } = input as { run: string };
	if (name !== undefined) {
		if (world.names.has(`${machine}/${name}`)) return false;
		world.names.add(`${machine}/${name}`);
	}
	world.started += 1;
	const execution = { id: world.started, machine, run, name: name ?? `${machine} of ${run}`, ...(parent && { parent }) };
	const standing = begin(machines[machine], input, aroundOf(world, { ...execution, standing: { is: 'succeeded', data: null } }));
	world.executions.push({ ...execution, standing });
	settle(world, execution.id);
	return true;
}

/** The tasks of an execution that are to be done now, its branches' in order. */
export function tasksOf({ id, standing }: Execution): Address[] {
	if (standing.is === 'task') return [{ execution: id }];
	if (standing.is !== 'map') return [];
	return standing.branches.flatMap((branch, index) => (branch.is === 'task' ? [{ execution: id, branch: index }] : []));
}

/** What is to be done there; undefined when it no longer is: the execution has ended, or was answered already. */
export function orderAt(world: World, address: Address): Order | undefined {
	const found = standingAt(world, address);
	return found && orderOf(found.scope, found.standing, found.execution.name);
}

function standingAt(world: World, { execution: id, branch }: Address) {
	const execution = executionOf(world, id);
	if (!execution) return undefined;
	const whole = scopeOf(execution);
	const { standing } = execution;
	const inBranch = branch !== undefined && standing.is === 'map';
	const inner = inBranch ? standing.branches[branch] : standing;
	if (inner?.is !== 'task' && inner?.is !== 'started') return undefined;
	return { execution, scope: inBranch ? innerOf(whole, standing.state) : whole, standing: inner satisfies AtTask };
}

export type Result = { readonly is: 'answer'; readonly answer: Json } | { readonly is: 'error'; readonly error: string };

/** A task's end reaches its execution, and whatever follows of it. */
export function deliver(world: World, address: Address, result: Result): void {
	const found = standingAt(world, address);
	if (!found) return;
	const around = aroundOf(world, found.execution);
	put(
		world,
		address,
		result.is === 'answer'
			? answered(found.scope, found.standing, result.answer, around)
			: failed(found.scope, found.standing, result.error, around),
	);
}

/** A task has started the execution that was started last, and waits for it. */
export function awaits(world: World, address: Address, execution: number): void {
	const found = standingAt(world, address);
	if (found) put(world, address, { ...found.standing, is: 'started', execution });
}

function put(world: World, { execution: id, branch }: Address, next: Standing): void {
	const execution = executionOf(world, id);
	if (!execution) return;
	const { standing } = execution;
	if (branch === undefined || standing.is !== 'map') {
		stand(world, execution, next);
		return;
	}
	const branches = standing.branches.map((other, index) => (index === branch ? next : other));
	const whole = joined(scopeOf(execution), { ...standing, branches }, aroundOf(world, execution));
	stand(world, execution, whole);
	if (next.is === 'failed' && whole.is !== 'map') abandon(world, execution, { state: standing.state, branches });
}

function stand(world: World, execution: Execution, standing: Standing): void {
	world.executions = world.executions.map((other) => (other.id === execution.id ? { ...other, standing } : other));
	settle(world, execution.id);
}

/** The Map has ended with one of its branches; nobody stops the others, which go on until they end or are fenced. */
function abandon(world: World, execution: Execution, map: { state: string; branches: readonly Standing[] }): void {
	for (const [branch, standing] of map.branches.entries()) {
		if (standing.is !== 'task' && standing.is !== 'started') continue;
		world.started += 1;
		const left = { ...execution, id: world.started, within: map.state, standing, parent: { id: execution.id, branch } };
		world.executions = [
			...world.executions.map((other) =>
				standing.is === 'started' && other.id === standing.execution ? { ...other, parent: { id: left.id, branch: undefined } } : other,
			),
			left,
		];
	}
}

/** An execution that has come to its end is gone: its parent hears of it, and the rule on failed runs does. */
function settle(world: World, id: number): void {
	const execution = executionOf(world, id);
	if (execution?.standing.is === 'succeeded') end(world, execution, { is: 'answer', answer: { Status: 'SUCCEEDED' } });
	if (execution?.standing.is === 'failed') end(world, execution, { is: 'error', error: 'States.TaskFailed' });
}

/** An execution ends, by itself or because it was ended. Executions it started go on without it. */
export function end(world: World, execution: Execution, result: Result): void {
	world.executions = world.executions.filter(({ id }) => id !== execution.id);
	if (result.is === 'error' && execution.machine === 'agent-run' && execution.within === undefined)
		world.owed.push({ run: execution.run, reason: 'recovery' });
	const { parent } = execution;
	const waits = parent && standingAt(world, { execution: parent.id, ...(parent.branch !== undefined && { branch: parent.branch }) });
	if (!parent || waits?.standing.is !== 'started' || waits.standing.execution !== execution.id) return;
	deliver(world, { execution: parent.id, ...(parent.branch !== undefined && { branch: parent.branch }) }, result);
}

/** When the next wait is over. */
export function nextWake(world: World): number | undefined {
	const waits = world.executions.flatMap(({ standing }) => (standing.is === 'waiting' ? [standing.untilMs] : []));
	return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** Moves the clock to the end of the next wait, and everything on whose wait is over then. */
export function wake(world: World): void {
	const untilMs = nextWake(world);
	if (untilMs === undefined) return;
	world.nowMs = Math.max(world.nowMs, untilMs);
	for (const execution of world.executions) {
		const { standing } = execution;
		if (standing.is !== 'waiting' || standing.untilMs > world.nowMs) continue;
		put(world, { execution: execution.id }, woken(scopeOf(execution), standing, aroundOf(world, execution)));
	}
}
