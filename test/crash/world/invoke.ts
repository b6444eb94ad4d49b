/** One invocation of a function, in a process of its own that can end at any moment. What goes in and out is JSON. */
import type { Json } from '../../../core/ids.ts';
import type { Invocation } from '../../doubles/functions.ts';
import { mortal } from '../../doubles/mortal.ts';
import { type Conducted, conducted } from '../remember/processes.ts';
import { remember } from '../remember/remembered.ts';
import { trunkOf } from '../remember/ways.ts';
import type { Caller, Process, Running } from './crossing.ts';
import { outwardOf } from './doing.ts';
import type { Result } from './executions.ts';
import type { Outward } from './outward.ts';
import type { Scenario } from './scenario.ts';

export async function invoke(running: Running, scenario: Scenario, name: string, event: unknown): Promise<Result> {
	const installed = scenario.installation.get(name);
	if (!installed) return { is: 'error', error: 'Lambda.ResourceNotFoundException' };
	const { text: given, read } = wired(event);
	const serving: Invocation = { function: name, event: read, queries: [], appends: [] };
	running.invocations.push(serving);
	const caller: Caller = { name, mortal: mortal(name), serving, past: given, calls: 0, made: 0 };
	const { timeoutMs } = installed;
	const code = async (outward: Outward): Promise<unknown> => {
		const context = { functionName: name, getRemainingTimeInMillis: () => timeoutMs };
		return installed.start(outward)(JSON.parse(given), context);
	};
	const { outward, run } = remember.isOn()
		? conducted({ trunk: trunkOf(scenario.installation), begun: `${name} ${given}`, code, doing: running.doing, running, caller })
		: atOnce({ running, caller, code });
	const process: Process = Object.assign(caller, { outward });
	running.alive.push(process);
	try {
		serving.answer = await process.mortal.run(run);
		return { is: 'answer', answer: serving.answer };
	} catch (error) {
		const failure = error instanceof Error ? error : new Error(String(error));
		if (failure.name === 'Sandbox.Timedout') running.world.nowMs += timeoutMs;
		serving.error = { name: failure.name, message: failure.message };
		return { is: 'error', error: failure.name };
	} finally {
		const index = running.alive.indexOf(process);
		if (index >= 0) running.alive.splice(index, 1);
	}
}

/** As it goes over the wire, and as whoever looks on reads it there. */
type Wired = { readonly text: string; readonly read: Json };
const wires = new WeakMap<object, Wired>();
function wired(event: unknown): Wired {
	const known = Object.isFrozen(event) ? wires.get(Object(event)) : undefined;
	if (known) return known;
	const text = JSON.stringify(event);
	const now = { text, read: JSON.parse(text) as Json };
	if (typeof event === 'object' && event !== null && Object.isFrozen(event)) wires.set(event, now);
	return now;
}

/** A process whose code is run, whatever is known of others. */
function atOnce({ running, caller, code }: { running: Running; caller: Caller; code: (outward: Outward) => Promise<unknown> }): Conducted {
	const outward = outwardOf(running.doing, running, caller);
	const run = async (): Promise<Json> => {
		const answer = await code(outward);
		return answer === undefined ? null : JSON.parse(JSON.stringify(answer));
	};
	return { outward, run };
}

/** How one function asks another: in a process of its own. @throws what its caller is told */
export const askingIn =
	(running: Running, scenario: Scenario) =>
	async (name: string, question: unknown): Promise<unknown> => {
		const result = await invoke(running, scenario, name, question);
		if (result.is === 'error') throw Object.assign(new Error(`${name} has failed`), { name: result.error });
		return result.answer;
	};
