/** One invocation of a function, in a process of its own that can end at any moment. What goes in and out is JSON. */
import type { Json } from '../../../core/ids.ts';
import type { Invocation } from '../../doubles/functions.ts';
import { mortal } from '../../doubles/mortal.ts';
import { type Conducted, conducted } from '../remember/processes.ts';
import { remember } from '../remember/remembered.ts';
import { trunkOf } from '../remember/ways.ts';
import { type Caller, digestOf, type Process, type Running } from './crossing.ts';
import { type Doing, doingOf, outwardOf } from './doing.ts';
import type { Result } from './executions.ts';
import type { Outward } from './outward.ts';
import type { Scenario } from './scenario.ts';

export async function invoke(running: Running, scenario: Scenario, name: string, event: unknown): Promise<Result> {
	const installed = scenario.installation.get(name);
	if (!installed) return { is: 'error', error: 'Lambda.ResourceNotFoundException' };
	const given = JSON.stringify(event);
	const serving: Invocation = { function: name, event: JSON.parse(given) as Json, queries: [], appends: [] };
	running.invocations.push(serving);
	const past = running.looks.pasts ? digestOf(given) : '';
	const caller: Caller = { name, mortal: mortal(name), serving, past, calls: 0 };
	const ask = async (other: string, question: unknown): Promise<unknown> => {
		const result = await invoke(running, scenario, other, question);
		if (result.is === 'error') throw Object.assign(new Error(`${other} has failed`), { name: result.error });
		return result.answer;
	};
	const { timeoutMs } = installed;
	const doing = doingOf({ scenario, running, process: caller, ask });
	const code = async (outward: Outward): Promise<unknown> => {
		const context = { functionName: name, getRemainingTimeInMillis: () => timeoutMs };
		return installed.start(outward)(JSON.parse(given), context);
	};
	const { outward, run } = remember.isOn()
		? conducted({ trunk: trunkOf(scenario.installation), begun: `${name} ${given}`, code, doing, running, caller })
		: atOnce(doing, { running, caller, code });
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

/** A process whose code is run, whatever is known of others. */
function atOnce(
	doing: Doing,
	{ running, caller, code }: { running: Running; caller: Caller; code: (outward: Outward) => Promise<unknown> },
): Conducted {
	const outward = outwardOf(doing, running, caller);
	const run = async (): Promise<Json> => {
		const answer = await code(outward);
		return answer === undefined ? null : JSON.parse(JSON.stringify(answer));
	};
	return { outward, run };
}
