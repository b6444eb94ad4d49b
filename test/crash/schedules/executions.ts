/**
 * Executions of the deployed state machines side by side: each takes its turns as any process does, and is gone with its host.
 * One whose Map has failed leaves the branches beside it running, as a host does.
 */
import type { Json } from '../../../core/ids.ts';
import { ExecutionExists } from '../../../local/machines.ts';
import type { MachineName, Scope } from '../../../statemachines/shape.ts';
import { type Mortal, mortal, type Turn } from '../../doubles/mortal.ts';
import {
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
} from '../world/machine.ts';
import type { Timeline } from './timeline.ts';

export type ExecutionsOptions = {
	readonly time: Timeline;
	readonly turn: Turn;
	/** Whether retries come at once. */
	readonly hasty: boolean;
	/** One call of a function, with whatever befalls it on the way. */
	readonly invoke: (name: string, event: Json) => Promise<Json>;
	/** A call to the machines' own service, with whatever befalls that. */
	readonly call: (at: string, effect: () => Promise<Json>) => Promise<Json>;
	readonly onEnd: (machine: MachineName, run: string, end: 'succeeded' | 'failed') => void;
	readonly onExists: () => void;
	/** An execution that could not be executed: a fault of this very test. */
	readonly onFault: (error: unknown) => void;
};
export type Executions = {
	/** False when the name was used before. */
	start(machine: MachineName, name: string, input: { run: string } & { [field: string]: Json }): boolean;
	areUnderWay(): boolean;
	/** All of them die with their host; nobody is told. */
	die(): void;
};

const LONGEST_PAUSE_MS = 30_000;

export function executions({ time, turn, hasty, invoke, call, onEnd, onExists, onFault }: ExecutionsOptions): Executions {
	const names = new Set<string>();
	const living = new Set<Mortal>();
	let nested = 0;

	const start: Executions['start'] = (machine, name, input) => {
		if (names.has(`${machine}/${name}`)) {
			onExists();
			return false;
		}
		names.add(`${machine}/${name}`);
		const execution = mortal(`${machine}/${name}`, turn);
		living.add(execution);
		void execution
			.run(() => drive(machines[machine], name, begin(machines[machine], input, { nowMs: time.now(), executionId: name })))
			.then(
				(end) => {
					living.delete(execution);
					onEnd(machine, input.run, end.is === 'succeeded' ? 'succeeded' : 'failed');
				},
				(error: unknown) => {
					living.delete(execution);
					// It has died otherwise, and nobody is told.
					if (!execution.hasEnded()) onFault(error);
				},
			);
		return true;
	};

	/** Goes on from where an execution, or a branch of it, stands until its end. */
	async function drive(scope: Scope, name: string, from: Standing): Promise<Standing> {
		const around = () => ({ nowMs: time.now(), executionId: name });
		let at = from;
		for (;;) {
			if (at.is === 'succeeded' || at.is === 'failed') return at;
			if (at.is === 'waiting') {
				await time.sleep(at.untilMs - time.now());
				at = woken(scope, at, around());
			} else if (at.is === 'map') {
				at = await sideBySide(scope, name, at);
			} else {
				at = await task(scope, name, at);
			}
		}
	}

	async function task(scope: Scope, name: string, at: AtTask): Promise<Standing> {
		const around = () => ({ nowMs: time.now(), executionId: name });
		try {
			return answered(scope, at, await perform(orderOf(scope, at, name)), around());
		} catch (error) {
			const next = failed(scope, at, error instanceof Error ? error.name : String(error), around());
			const tried = next.is === 'task' && next.state === at.state ? Math.max(...next.tried) : 0;
			if (tried > 0 && !hasty) await time.sleep(Math.min(1_000 * 2 ** (tried - 1), LONGEST_PAUSE_MS));
			return next;
		}
	}

	function sideBySide(scope: Scope, name: string, at: Extract<Standing, { is: 'map' }>): Promise<Standing> {
		const inner = innerOf(scope, at.state);
		const branches = [...at.branches];
		return new Promise((resolve) => {
			for (const [index, branch] of at.branches.entries()) {
				void drive(inner, name, branch).then((end) => {
					branches[index] = end;
					const next = joined(scope, { ...at, branches }, { nowMs: time.now(), executionId: name });
					if (next.is !== 'map') resolve(next);
				});
			}
		});
	}

	async function perform({ resource, parameters }: Order): Promise<Json> {
		const input = parameters.Input as { run: string } & { [field: string]: Json };
		switch (resource) {
			case 'arn:aws:states:::lambda:invoke':
				return { Payload: await invoke(String(parameters.FunctionName), parameters.Payload ?? null) };
			case 'arn:aws:states:::states:startExecution.sync:2': {
				nested += 1;
				const machine = machines[parameters.StateMachineArn as MachineName];
				const name = `nested-${nested}`;
				const end = await drive(machine, name, begin(machine, input, { nowMs: time.now(), executionId: name }));
				if (end.is === 'failed') throw Object.assign(new Error('see the execution'), { name: 'States.TaskFailed' });
				return { Status: 'SUCCEEDED' };
			}
			case 'arn:aws:states:::states:startExecution':
				return call('start-execution', async () => {
					nested += 1;
					const name = String(parameters.Name ?? `nested-${nested}`);
					if (!start(parameters.StateMachineArn as MachineName, name, input)) throw new ExecutionExists(`an execution ${name} exists`);
					return { ExecutionArn: name };
				});
			default:
				throw new TypeError(`nothing here stands for ${resource}`);
		}
	}

	return {
		start,
		areUnderWay: () => living.size > 0,
		die: () => {
			for (const execution of living) execution.end('Runtime.ExitError');
			living.clear();
		},
	};
}
