/**
 * Runs a definition on `aws-local-stepfunctions` with scripted tasks. Waits and retries take no time: what a Wait would
 * have waited for is read from what it was entered with.
 */
import { StateMachine } from 'aws-local-stepfunctions';
import type { Machine, State } from '../../statemachines/shape.ts';
import { deployed, statesOf, tasksOf } from './definitions.ts';

type Given = { readonly [field: string]: unknown };
type Answer = Parameters<StateMachine['run']>[0];
type TaskHandler = (given: Given) => Answer | Promise<Answer>;

export type Execution = {
	status: 'SUCCEEDED' | 'FAILED';
	/** The name of the error it failed with. */
	error?: string;
	/** Every state entered, in order; a Map's inner ones among them. */
	entered: string[];
	/** What each Wait would have waited, in seconds. */
	waitedSeconds: unknown[];
};
export type Options = {
	input: Answer;
	tasks: Record<string, TaskHandler>;
	id?: string;
	/** Leaves the waits to the engine, to see that it finds their seconds: for answers that say zero. */
	waits?: 'engine';
};

export async function execute(definition: Machine, { input, tasks, id = 'execution-1', waits }: Options): Promise<Execution> {
	const unscripted: string[] = [];
	// A task without a handler would be invoked on AWS, with whatever credentials are about.
	const refused = Object.fromEntries(
		tasksOf(definition).map(([name]): [string, TaskHandler] => [
			name,
			() => {
				unscripted.push(name);
				throw named('Unscripted');
			},
		]),
	);
	// Validity has a test of its own, and costs a tenth of a second a machine.
	const run = new StateMachine(deployed(definition), { validationOptions: { noValidate: true } }).run(input, {
		overrides: {
			taskResourceLocalHandlers: handlers({ ...refused, ...tasks }),
			waitTimeOverrides: waits === 'engine' ? {} : atOnce(definition, 'Wait'),
			retryIntervalOverrides: atOnce(definition, 'Task'),
		},
		context: { Execution: { Id: id } },
	});
	const ended = run.result.then(
		() => ({ status: 'SUCCEEDED' as const }),
		(error: Error) => ({ status: 'FAILED' as const, error: error.cause instanceof Error ? error.cause.name : error.name }),
	);
	const execution: Pick<Execution, 'entered' | 'waitedSeconds'> = { entered: [], waitedSeconds: [] };
	for await (const event of run.eventLogs) {
		if (event.type !== 'StateEntered') continue;
		execution.entered.push(event.state.name);
		const state = definition.States[event.state.name];
		if (state?.Type === 'Wait') execution.waitedSeconds.push(at(state.SecondsPath, event.state.input));
	}
	if (unscripted.length > 0) throw new Error(`no task is scripted for ${unscripted[0]}`);
	return { ...execution, ...(await ended) };
}

const atOnce = (definition: Machine, type: State['Type']): Record<string, number> =>
	Object.fromEntries(statesOf(definition).flatMap(([name, { Type }]) => (Type === type ? [[name, 0]] : [])));

/** The engine types what a task is given as any JSON; our Parameters make it an object. */
const handlers = (tasks: Record<string, TaskHandler>) =>
	Object.fromEntries(Object.entries(tasks).map(([name, handler]) => [name, (given: Answer) => handler(Object(given))]));

const at = (path: string, state: unknown): unknown =>
	path
		.split('.')
		.slice(1)
		.reduce((value, field) => Object(value)[field], state);

/** A task that answers as scripted, one answer a call; an error is thrown. What it was given is kept. */
export function scripted(...answers: (Answer | Error)[]) {
	const given: Given[] = [];
	const handler: TaskHandler = (input) => {
		given.push(input);
		const answer = answers[given.length - 1];
		if (answer === undefined) throw new Error(`call ${given.length} was not expected`);
		if (answer instanceof Error) throw answer;
		return answer;
	};
	return { handler, given };
}

/** A function behind `lambda:invoke`. */
export function lambda(...answers: (Answer | Error)[]) {
	return scripted(...answers.map((answer) => (answer instanceof Error ? answer : { StatusCode: 200, Payload: answer })));
}

/** A task that always fails alike. */
export function failing(name: string) {
	const given: Given[] = [];
	const handler: TaskHandler = (input) => {
		given.push(input);
		throw named(name);
	};
	return { handler, given };
}

/** An error as engines tell them apart: by name alone. */
export const named = (name: string): Error => Object.assign(new Error(`${name} on purpose`), { name });
