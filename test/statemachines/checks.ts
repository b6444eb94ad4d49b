/**
 * What must hold of every definition. Each check answers its complaints, one a line; the tests ask for none, and their
 * controls for the very complaint that a careless change deserves.
 */
import { type Machine, placeholders, type Scope, ways } from '../../statemachines/shape.ts';
import { scopesOf, statesOf, tasksOf } from './definitions.ts';

/** `setTimeout` overflows beyond, and the local engine would end a wait or a timeout at once. */
export const LONGEST_TIMER_SECONDS = Math.floor((2 ** 31 - 1) / 1000);
export const ALREADY_STARTED = 'StepFunctions.ExecutionAlreadyExistsException';

export const taskComplaints = (definition: Machine): string[] =>
	statesOf(definition).flatMap(([name, state]) => {
		if (state.Type !== 'Task' && state.Type !== 'Map') return [];
		return [
			...(state.Type === 'Task' && state.TimeoutSeconds === undefined ? [`${name} has no TimeoutSeconds`] : []),
			...(state.Retry?.at(-1)?.ErrorEquals.includes('States.ALL') ? [] : [`${name} has no Retry that ends in States.ALL`]),
			...(state.Catch?.at(-1)?.ErrorEquals.includes('States.ALL') ? [] : [`${name} has no Catch that ends in States.ALL`]),
		];
	});

/** A caught error must leave the execution failed, or nothing takes the run up again (S5). */
export const catchComplaints = (definition: Machine): string[] =>
	scopesOf(definition).flatMap(({ States }) =>
		Object.entries(States).flatMap(([name, state]) =>
			('Catch' in state ? (state.Catch ?? []) : []).flatMap(({ ErrorEquals, Next }) => {
				const expected = ErrorEquals.join() === ALREADY_STARTED ? 'Succeed' : 'Fail';
				const found = States[Next]?.Type ?? 'missing';
				return found === expected ? [] : [`${name} catches ${ErrorEquals.join()} and goes to ${Next}, a ${found}, not a ${expected}`];
			}),
		),
	);

const idFields = new Set(['run', 'agent', 'epoch', 'step', 'tool', 'function', 'hint', 'attempts', 'state', 'reason']);
const literals = new Set(['Act', 'Settle', 'Intake', 'handover']);
const addressFields = new Set(['FunctionName', 'FunctionName.$', 'StateMachineArn', 'Name.$', 'Payload', 'Input']);
const startedBy = 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$';

/** Tasks are given ids only, each from the field of its own name: never all of the state, never a caught error. */
export const contentComplaints = (definition: Machine): string[] =>
	tasksOf(definition).flatMap(([name, { Parameters }]) => {
		const given = Object.entries(Object(Parameters.Payload ?? Parameters.Input));
		return [
			...Object.keys(Parameters).flatMap((field) => (addressFields.has(field) ? [] : [`${name} passes ${field}`])),
			...(given.length > 0 ? [] : [`${name} passes nothing`]),
			...given.flatMap(([field, value]) =>
				isIdOnly(field, value) || isCallTakenIn(name, field, value) ? [] : [`${name} passes ${field} from ${value}`],
			),
		];
	});

function isIdOnly(field: string, value: unknown): boolean {
	if (typeof value !== 'string') return false;
	if (field === startedBy) return value === '$$.Execution.Id';
	const path = /^\$(?:\.(?:step_status|resume)\.is)?\.([a-z]+)$/.exec(value);
	if (field.endsWith('.$')) return idFields.has(field.slice(0, -2)) && path?.[1] === field.slice(0, -2);
	return idFields.has(field) && literals.has(value);
}

/** The one thing besides: a call that an execution was started with, on its way into the ledger. */
const isCallTakenIn = (task: string, field: string, value: unknown): boolean =>
	task === 'Intake' && field === 'call.$' && value === '$.call';

/** Asking again cannot help: a Retry without attempts must name each of `names` before any that has some. */
export const finalErrorComplaints = (definition: Machine, task: string, names: readonly string[]): string[] => {
	const retriers = tasksOf(definition).find(([name]) => name === task)?.[1].Retry ?? [];
	return names.flatMap((name) => {
		const first = retriers.find(({ ErrorEquals }) =>
			ErrorEquals.some((pattern) => [name, 'States.ALL', 'States.TaskFailed'].includes(pattern)),
		);
		return first?.MaxAttempts === 0 ? [] : [`${task} is tried again after ${name}`];
	});
};

export const timerComplaints = (definition: Machine): string[] =>
	tasksOf(definition).flatMap(([name, { TimeoutSeconds = Number.POSITIVE_INFINITY }]) =>
		TimeoutSeconds <= LONGEST_TIMER_SECONDS ? [] : [`${name} may take ${TimeoutSeconds} s; a timer ends at ${LONGEST_TIMER_SECONDS} s`],
	);

export const reachComplaints = (definition: Machine): string[] =>
	scopesOf(definition).flatMap((scope) => {
		const reached = reachedIn(scope);
		return Object.keys(scope.States).flatMap((name) => (reached.has(name) ? [] : [`nothing leads to ${name}`]));
	});

function reachedIn({ StartAt, States }: Scope): Set<string> {
	const reached = new Set([StartAt]);
	// A set is walked in order of insertion, what is added on the way included.
	for (const name of reached) for (const { to } of States[name] ? ways(States[name]) : []) reached.add(to);
	return reached;
}

/**
 * Where each value of an answer leads. A rule for a value that nobody answers is a typing error, and the value that
 * was meant falls to Default.
 */
export function routeComplaints(definition: Machine, choice: string, expected: Readonly<Record<string, string>>): string[] {
	const state = definition.States[choice];
	if (state?.Type !== 'Choice') return [`${choice} is no Choice`];
	const rules = new Map(state.Choices.flatMap((rule) => ('StringEquals' in rule ? [[rule.StringEquals, rule.Next] as const] : [])));
	return [
		...Object.entries(expected).flatMap(([value, to]) => {
			const found = rules.get(value) ?? state.Default ?? 'nowhere';
			return found === to ? [] : [`${choice} routes ${value} to ${found}, not ${to}`];
		}),
		...[...rules.keys()].flatMap((value) => (value in expected ? [] : [`${choice} waits for ${value}, which nobody answers`])),
	];
}

export const placeholderComplaints = (text: string, expected: readonly string[]): string[] => {
	const found = new Set([...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? ''));
	return [
		...[...found].flatMap((name) => (placeholders.some((known) => known === name) ? [] : [`\${${name}} is no placeholder`])),
		...[...found].flatMap((name) => (expected.includes(name) ? [] : [`\${${name}} is not expected here`])),
		...expected.flatMap((name) => (found.has(name) ? [] : [`\${${name}} is not used`])),
	];
};
