/** Calls that state machines make, and what befalls them: a function invoked, an execution started. The machine may die of either. */
import type { Json } from '../../../core/ids.ts';
import { executionName } from '../../../functions/resume/resume.ts';
import type { MachineName } from '../../../statemachines/shape.ts';
import { meet, type Running } from './crossing.ts';
import { type Address, awaits, deliver, end, executionOf, orderAt, type Result, start } from './executions.ts';
import { invoke } from './invoke.ts';
import type { Kind } from './kinds.ts';
import type { Order } from './machine.ts';
import type { Scenario } from './scenario.ts';
import type { Execution, Owed, World } from './world.ts';

const LATE_MS = 25 * 3_600_000;

export async function performTask(scenario: Scenario, running: Running, address: Address): Promise<void> {
	const { world } = running;
	const order = orderAt(world, address);
	const execution = executionOf(world, address.execution);
	if (!order || !execution) return;
	const isInvocation = order.resource === 'arn:aws:states:::lambda:invoke';
	const calling: Calling = { running, address, execution, order };
	const result = isInvocation ? await invokedByMachine(scenario, calling) : startedByMachine(calling);
	if (result) deliver(world, address, result);
}

type Calling = { readonly running: Running; readonly address: Address; readonly execution: Execution; readonly order: Order };

/** What the machine is told; nothing when it has died of it. */
async function invokedByMachine(scenario: Scenario, { running, address, execution, order }: Calling): Promise<Result | undefined> {
	const { world } = running;
	const kind = meet(running, { at: 'machine.invoke', ...callerOf(execution, address) });
	const call = () => invoke(running, scenario, String(order.parameters.FunctionName), order.parameters.Payload);
	if (kind === 'overtaken') await running.meanwhile();
	if (kind === 'late') world.nowMs += LATE_MS;
	if (kind === 'crash-before' || kind === 'host-before') return dies(world, address, kind);
	if (kind === 'unavailable' || kind === 'unknown-not-written') return throttled;
	const first = await call();
	if (kind === 'crash-after' || kind === 'host-after') return dies(world, address, kind);
	if (kind === 'unknown-written') return throttled;
	const second = kind === 'retried' || kind === 'twice' ? await call() : first;
	return payload(kind === 'retried' ? second : first);
}

/** A machine's call sites are its task states. */
function callerOf({ machine, within, standing }: Execution, { branch }: Address): { by: string; site: string } {
	const inner = branch !== undefined && standing.is === 'map' ? standing.branches[branch] : standing;
	const state = inner && 'state' in inner ? inner.state : (within ?? '');
	return { by: `${machine} machine`, site: `statemachines/${machine}.asl.json:${state}` };
}

const throttled: Result = { is: 'error', error: 'Lambda.TooManyRequestsException' };
const payload = (result: Result): Result => (result.is === 'answer' ? { is: 'answer', answer: { Payload: result.answer } } : result);

/** The execution is aborted, or the host dies with all there is in it: nobody is told anything. */
function dies(world: World, address: Address, kind: Kind): undefined {
	if (kind.startsWith('host')) {
		world.executions = [];
		world.owed = [];
		return;
	}
	const execution = executionOf(world, address.execution);
	if (execution) end(world, execution, { is: 'error', error: 'States.TaskFailed' });
}

/** The same of an execution that is started; nothing, too, where the machine waits for its end. */
function startedByMachine({ running, address, execution, order: { resource, parameters } }: Calling): Result | undefined {
	const { world } = running;
	const kind = meet(running, { at: 'machine.start', ...callerOf(execution, address) });
	if (kind === 'crash-before') return dies(world, address, kind);
	if (kind === 'unavailable' || kind === 'unknown-not-written') return refused;
	const waits = resource.endsWith('.sync:2');
	const begin = () =>
		start(world, {
			machine: parameters.StateMachineArn as MachineName,
			name: parameters.Name as string | undefined,
			input: parameters.Input as { run: string } & Json,
			...(waits && { parent: { id: address.execution, branch: address.branch } }),
		});
	const isFresh = begin();
	const first = world.started;
	// Asked again under the same name, Step Functions answers the execution there is.
	if (kind === 'retried' || kind === 'twice') begin();
	if (kind === 'crash-after') return dies(world, address, kind);
	if (kind === 'unknown-written') return refused;
	if (!isFresh) return { is: 'error', error: 'StepFunctions.ExecutionAlreadyExistsException' };
	if (!waits) return { is: 'answer', answer: { ExecutionArn: String(parameters.Name ?? first) } };
	awaits(world, address, kind === 'retried' ? world.started : first);
	return undefined;
}

const refused: Result = { is: 'error', error: 'StepFunctions.ThrottlingException' };

/** The rule on an execution's end, the sweeper, or whoever has answered starts a recovery; that may be lost, or told twice. */
export function started(running: Running, { run, reason }: Pick<Owed, 'run' | 'reason'>): void {
	const { world } = running;
	const kind = meet(running, { at: 'environment.start', by: reason });
	if (kind === 'crash-before') return;
	for (let time = 0; time < (kind === 'twice' ? 2 : 1); time += 1) {
		if (reason === 'first')
			start(world, { machine: 'agent-run', name: executionName(run, 0), input: { run, agent: agentOf(world, run), epoch: 0, hint: 0 } });
		else start(world, { machine: 'recover', input: { run, reason } });
	}
}

/** An execution that an agent elsewhere starts itself. The same again is answered the one there is. */
export function startedByHand(running: Running, { machine, name, input }: { machine: MachineName; name: string; input: Json }): Result {
	const kind = meet(running, { at: 'environment.start', by: 'an agent' });
	if (kind === 'crash-before') return { is: 'error', error: 'NoAnswer' };
	for (let time = 0; time < (kind === 'twice' ? 2 : 1); time += 1)
		start(running.world, { machine, name, input: input as { run: string } & Json });
	return { is: 'answer', answer: null };
}

const agentOf = (world: World, run: string): string =>
	(JSON.parse(world.state.chains.get(run)?.[0]?.body ?? '{}') as { agent?: string }).agent ?? '';
