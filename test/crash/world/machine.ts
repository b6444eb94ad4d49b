/**
 * The deployed state machines, read from their own files and executed one state at a time. Where an execution stands is plain
 * data, so that a world can be copied with it: what a library keeps in promises and closures, nobody can copy.
 * Pauses between retries take no time; full jitter may choose none.
 */
import { readFileSync } from 'node:fs';
import type { Json } from '../../../core/ids.ts';
import {
	type Machine,
	type MachineName,
	type MapState,
	machine,
	machineNames,
	type Rule,
	type Scope,
	type Task,
} from '../../../statemachines/shape.ts';
import { frozen } from '../remember/remembered.ts';

/** Where one execution, or one branch of a Map, stands. `tried` counts by retrier. */
export type Standing =
	| { readonly is: 'task'; readonly state: string; readonly data: Json; readonly tried: readonly number[] }
	/** The task has started an execution and waits for its end. */
	| { readonly is: 'started'; readonly state: string; readonly data: Json; readonly tried: readonly number[]; readonly execution: number }
	| { readonly is: 'waiting'; readonly state: string; readonly data: Json; readonly untilMs: number }
	| { readonly is: 'map'; readonly state: string; readonly data: Json; readonly branches: readonly Standing[] }
	| { readonly is: 'succeeded'; readonly data: Json }
	| { readonly is: 'failed'; readonly error: string };
export type AtTask = Extract<Standing, { is: 'task' | 'started' }>;
/** What a task is given to do. */
export type Order = { readonly resource: string; readonly parameters: { readonly [name: string]: Json } };
export type Around = { readonly nowMs: number; readonly executionId: string };

/** What the deployment substitutes by names and ARNs, here stands for itself. */
const substitutions = { FunctionPrefix: '', AgentRunMachineArn: 'agent-run', StepMachineArn: 'step', RecoverMachineArn: 'recover' };

function readMachine(name: MachineName): Machine {
	const text = readFileSync(new URL(`../../../statemachines/${name}.asl.json`, import.meta.url), 'utf8');
	const filled = Object.entries(substitutions).reduce((whole, [key, value]) => whole.replaceAll(`\${${key}}`, value), text);
	return machine.parse(JSON.parse(filled));
}

export const machines = Object.fromEntries(machineNames.map((name) => [name, readMachine(name)])) as Record<MachineName, Machine>;

export const begin = (scope: Scope, data: Json, around: Around): Standing => enter(scope, scope.StartAt, data, around);

/** Goes on from `name` until there is something to do, to wait for, or the end. */
function enter(scope: Scope, name: string, data: Json, around: Around): Standing {
	const state = scope.States[name];
	switch (state?.Type) {
		case 'Task':
			return { is: 'task', state: name, data, tried: (state.Retry ?? []).map(() => 0) };
		case 'Choice': {
			const chosen = state.Choices.find((rule) => holds(rule, data))?.Next ?? state.Default;
			return chosen === undefined ? { is: 'failed', error: 'States.NoChoiceMatched' } : enter(scope, chosen, data, around);
		}
		case 'Wait': {
			const seconds = Number(at(data, state.SecondsPath));
			if (!(seconds >= 0)) return { is: 'failed', error: 'States.Runtime' };
			return seconds === 0
				? goOn(scope, state, data, around)
				: { is: 'waiting', state: name, data, untilMs: around.nowMs + seconds * 1000 };
		}
		case 'Map': {
			const items = at(data, state.ItemsPath);
			if (!Array.isArray(items) || items.length > state.MaxConcurrency) return { is: 'failed', error: 'States.Runtime' };
			const branches = items.map((item) => begin(state.ItemProcessor, item, around));
			return joined(scope, { is: 'map', state: name, data, branches }, around);
		}
		case 'Succeed':
			return { is: 'succeeded', data };
		case 'Fail':
			return { is: 'failed', error: state.Error };
		default:
			throw new TypeError(`there is no state ${name} that is executed here`);
	}
}

const goOn = (scope: Scope, state: { Next?: string; End?: true }, data: Json, around: Around): Standing =>
	state.Next === undefined ? { is: 'succeeded', data } : enter(scope, state.Next, data, around);

/** What the task at which `standing` is asks to be done. */
export function orderOf(scope: Scope, standing: AtTask, executionId: string): Order {
	const known = orders.get(standing);
	if (known?.scope === scope && known.executionId === executionId) return known.order;
	const task = taskAt(scope, standing.state);
	const parameters = filled(task.Parameters, standing.data, executionId) as { [name: string]: Json };
	const order = frozen({ resource: task.Resource, parameters });
	orders.set(standing, { scope, executionId, order });
	return order;
}
const orders = new WeakMap<AtTask, { readonly scope: Scope; readonly executionId: string; readonly order: Order }>();

export function answered(scope: Scope, standing: AtTask, answer: Json, around: Around): Standing {
	const task = taskAt(scope, standing.state);
	const selected = task.ResultSelector ? filled(task.ResultSelector, answer, around.executionId) : answer;
	return goOn(scope, task, placed(standing.data, task.ResultPath, selected), around);
}

/** A retrier that matches first is the one that counts; then the catchers are asked. */
export function failed(scope: Scope, standing: AtTask, error: string, around: Around): Standing {
	const task = taskAt(scope, standing.state);
	const index = (task.Retry ?? []).findIndex((retrier) => matches(retrier.ErrorEquals, error));
	const retrier = task.Retry?.[index];
	if (retrier && (standing.tried[index] ?? 0) < retrier.MaxAttempts) {
		const tried = standing.tried.map((count, position) => (position === index ? count + 1 : count));
		return { is: 'task', state: standing.state, data: standing.data, tried };
	}
	return caught(scope, task, standing.data, error, around);
}

function caught(scope: Scope, state: Task | MapState, data: Json, error: string, around: Around): Standing {
	const catcher = (state.Catch ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, error));
	if (!catcher) return { is: 'failed', error };
	return enter(scope, catcher.Next, placed(data, catcher.ResultPath, { Error: error, Cause: '' }), around);
}

const matches = (errors: readonly string[], error: string): boolean =>
	errors.some((name) => name === 'States.ALL' || name === error || (name === 'States.TaskFailed' && error !== 'States.Timeout'));

/** The wait is over. */
export function woken(scope: Scope, standing: Extract<Standing, { is: 'waiting' }>, around: Around): Standing {
	const state = scope.States[standing.state];
	if (state?.Type !== 'Wait') throw new TypeError(`${standing.state} is no Wait`);
	return goOn(scope, state, standing.data, around);
}

/** What a Map does with each item. */
export function innerOf(scope: Scope, name: string): Scope {
	const state = scope.States[name];
	if (state?.Type !== 'Map') throw new TypeError(`${name} is no Map`);
	return state.ItemProcessor;
}

/** A Map goes on when all of its branches have succeeded, and is over as soon as one has failed. */
export function joined(scope: Scope, standing: Extract<Standing, { is: 'map' }>, around: Around): Standing {
	const state = scope.States[standing.state];
	if (state?.Type !== 'Map') throw new TypeError(`${standing.state} is no Map`);
	if ((state.Retry ?? []).some(({ MaxAttempts }) => MaxAttempts > 0)) throw new TypeError('a Map is not tried again here');
	const lost = standing.branches.find((branch) => branch.is === 'failed');
	if (lost) return caught(scope, state, standing.data, lost.error, around);
	if (standing.branches.some((branch) => branch.is !== 'succeeded')) return standing;
	const results = standing.branches.map((branch) => (branch.is === 'succeeded' ? branch.data : null));
	return goOn(scope, state, placed(standing.data, state.ResultPath, results), around);
}

function taskAt(scope: Scope, name: string): Task {
	const state = scope.States[name];
	if (state?.Type !== 'Task') throw new TypeError(`${name} is no Task`);
	return state;
}

/** A template: `name.$` is a path into the data, or into the context, or a `States.Format`. */
function filled(template: unknown, data: Json, executionId: string): Json {
	if (typeof template !== 'object' || template === null || Array.isArray(template)) return template as Json;
	return Object.fromEntries(
		Object.entries(template).map(([name, value]) =>
			name.endsWith('.$') ? [name.slice(0, -2), said(String(value), data, executionId)] : [name, filled(value, data, executionId)],
		),
	);
}

function said(expression: string, data: Json, executionId: string): Json {
	if (expression === '$$.Execution.Id') return executionId;
	const format = /^States\.Format\('([^']*)', (\$[\w.]*)\)$/.exec(expression);
	if (format) return (format[1] ?? '').replace('{}', String(at(data, format[2] ?? '$')));
	return at(data, expression) ?? null;
}

const holds = (rule: Rule, data: Json): boolean =>
	'StringEquals' in rule ? at(data, rule.Variable) === rule.StringEquals : at(data, rule.Variable) !== undefined;

/** `$.a.b` of the data. */
function at(data: Json, path: string): Json | undefined {
	if (!/^\$(\.\w+)*$/.test(path)) throw new TypeError(`${path} is no path that is understood here`);
	const names = path.split('.').slice(1);
	return names.reduce<Json | undefined>((value, name) => (Object(value) as { [name: string]: Json })[name], data);
}

function placed(data: Json, path: string | null | undefined, result: Json): Json {
	if (path === null) return data;
	if (path === undefined) return result;
	const name = /^\$\.(\w+)$/.exec(path)?.[1];
	if (name === undefined) throw new TypeError(`${path} is no place for a result that is understood here`);
	return { ...(data as { [name: string]: Json }), [name]: result };
}
