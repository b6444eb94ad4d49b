/**
 * Step Functions on one machine: the definitions that are deployed, run by aws-local-stepfunctions, with the service
 * integrations they name. An execution here dies with its process; the ledger does not.
 */
import { readFileSync } from 'node:fs';
import { StateMachine } from 'aws-local-stepfunctions';
import { type MachineName, machineNames } from '../core/ids.ts';
import type { Registry } from './registry.ts';

type Definition = ConstructorParameters<typeof StateMachine>[0];
type JsonValue = Parameters<StateMachine['run']>[0];
type Handler = (input: JsonValue) => Promise<JsonValue>;

/** Invokes a function by name, as Lambda would. */
export type Functions = { invoke(name: string, event: unknown): Promise<unknown> };

export type Machines = {
	/** Starts a named execution; `exists` when the name was used before. `ended` never rejects: it tells how it went. */
	start(
		machine: MachineName,
		execution: { name: string; run: string; input: unknown },
	): { is: 'started'; ended: Promise<ExecutionEnd> } | { is: 'exists' };
};
export type ExecutionEnd = { is: 'succeeded' } | { is: 'failed'; error: string };

export type MachinesOptions = {
	readonly functions: Functions;
	readonly registry: Pick<Registry, 'begin' | 'end'>;
	readonly hostId: string;
	/** Called for executions that a state machine starts, which nobody here waits for. */
	readonly onStarted: (machine: MachineName, run: string, ended: Promise<ExecutionEnd>) => void;
	/** Scales the pauses between retries, for tests; never a wait. */
	readonly retryPace?: number;
	/** Told what Step Functions would write into an execution's history, for whoever measures. Nothing here depends on it. */
	readonly observe?: (seen: Observed) => void;
	/** `none` passes over Wait states at once, for tests that have a clock of their own. A wait is safety: real by default. */
	readonly waits?: 'real' | 'none';
};

type EngineEvent = ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;
export type Observed =
	| { readonly is: 'event'; readonly machine: MachineName; readonly execution: string; readonly event: EngineEvent }
	/** What a task gave the service it calls, and what that answered, before anything of it is selected. */
	| { readonly is: 'task'; readonly machine: MachineName; readonly state: string; readonly given: unknown; readonly answered: unknown };

export class ExecutionExists extends Error {
	override name = 'StepFunctions.ExecutionAlreadyExistsException';
}

export function createMachines(options: MachinesOptions): Machines {
	let nested = 0;

	const run = async (machine: MachineName, name: string, input: JsonValue): Promise<ExecutionEnd> => {
		const { machine: compiled, handlers, retries, passed } = machines[machine];
		const context = { Execution: { Id: name, Name: name } };
		const overrides = {
			taskResourceLocalHandlers: handlers,
			...(options.retryPace !== undefined && { retryIntervalOverrides: retries }),
			...(options.waits === 'none' && { waitTimeOverrides: passed }),
		};
		try {
			const running = compiled.run(input, { overrides, context });
			if (options.observe) observed(running.eventLogs, { machine, execution: name, observe: options.observe });
			await running.result;
			return { is: 'succeeded' };
		} catch (error) {
			const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
			return { is: 'failed', error: cause instanceof Error ? cause.name : String(cause) };
		}
	};

	const start: Machines['start'] = (machine, { name, run: runId, input }) => {
		if (!options.registry.begin({ name: `${machine}/${name}`, run: runId, host: options.hostId })) return { is: 'exists' };
		const ended = run(machine, name, input as JsonValue).then((end) => {
			options.registry.end(`${machine}/${name}`);
			return end;
		});
		return { is: 'started', ended };
	};

	const integrations = {
		'arn:aws:states:::lambda:invoke': async (parameters: Parameters_): Promise<JsonValue> => ({
			Payload: (await options.functions.invoke(String(parameters.FunctionName), parameters.Payload)) as JsonValue,
		}),
		'arn:aws:states:::states:startExecution.sync:2': async (parameters: Parameters_): Promise<JsonValue> => {
			nested += 1;
			const end = await run(parameters.StateMachineArn as MachineName, `${options.hostId}-${nested}`, parameters.Input as JsonValue);
			if (end.is === 'failed') throw Object.assign(new Error('see the execution'), { name: 'States.TaskFailed' });
			return { Status: 'SUCCEEDED' };
		},
		'arn:aws:states:::states:startExecution': async (parameters: Parameters_): Promise<JsonValue> => {
			const machine = parameters.StateMachineArn as MachineName;
			const input = parameters.Input as { run: string };
			nested += 1;
			const started = start(machine, { name: String(parameters.Name ?? `${options.hostId}-${nested}`), run: input.run, input });
			if (started.is === 'exists') throw new ExecutionExists(`an execution ${String(parameters.Name)} exists`);
			options.onStarted(machine, input.run, started.ended);
			return { ExecutionArn: String(parameters.Name ?? nested) };
		},
	};

	function compile(name: MachineName, { retryPace }: Pick<MachinesOptions, 'retryPace'>): Compiled {
		const definition = readDefinition(name);
		const tasks = tasksIn(definition);
		const handlers: Record<string, Handler> = {};
		for (const { state, resource } of tasks) {
			const integration = integrations[resource as keyof typeof integrations];
			if (!integration) throw new TypeError(`${name}: state ${state} needs ${resource}, which nothing here stands for`);
			handlers[state] = async (parameters) => {
				const answered = await integration(parameters as Parameters_);
				options.observe?.({ is: 'task', machine: name, state, given: parameters, answered });
				return answered;
			};
		}
		const retries = Object.fromEntries(
			tasks.map(({ state, retriers }) => [state, retriers.map((seconds) => seconds * 1000 * (retryPace ?? 1))]),
		);
		// The tests have validated the definitions: doing it at every start would take longer than a step does.
		const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
		return { machine, handlers, retries, passed: waitsIn(definition) };
	}

	const machines = Object.fromEntries(machineNames.map((name) => [name, compile(name, options)])) as Record<MachineName, Compiled>;
	return { start };
}

type Observing = { machine: MachineName; execution: string; observe: (seen: Observed) => void };
async function observed(events: AsyncIterable<EngineEvent>, { machine, execution, observe }: Observing): Promise<void> {
	for await (const event of events) observe({ is: 'event', machine, execution, event });
}

type Compiled = {
	machine: StateMachine;
	handlers: Record<string, Handler>;
	retries: Record<string, number[]>;
	/** Every Wait state, with no time at all. */
	passed: Record<string, number>;
};
type Parameters_ = { [key: string]: unknown };

/** What the deployment substitutes by names and ARNs, here stands for itself. */
const substitutions = { FunctionPrefix: '', AgentRunMachineArn: 'agent-run', StepMachineArn: 'step', RecoverMachineArn: 'recover' };

export function readDefinition(name: MachineName): Definition {
	const text = readFileSync(new URL(`../statemachines/${name}.asl.json`, import.meta.url), 'utf8');
	return JSON.parse(Object.entries(substitutions).reduce((filled, [key, value]) => filled.replaceAll(`\${${key}}`, value), text));
}

type Task = { state: string; resource: string; retriers: number[] };

function tasksIn(definition: Definition): Task[] {
	return Object.entries(definition.States).flatMap(([state, is]) => {
		if (is.Type === 'Map' && is.ItemProcessor) return tasksIn(is.ItemProcessor as Definition);
		if (is.Type !== 'Task') return [];
		return [{ state, resource: is.Resource, retriers: (is.Retry ?? []).map((retrier) => retrier.IntervalSeconds ?? 1) }];
	});
}

const waitsIn = (definition: Definition): Record<string, number> =>
	Object.fromEntries(Object.entries(definition.States).flatMap(([state, is]) => (is.Type === 'Wait' ? [[state, 0]] : [])));
