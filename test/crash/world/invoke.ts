/** One invocation of a function, in a process of its own that can end at any moment. What goes in and out is JSON. */
import type { Json } from '../../../core/ids.ts';
import type { Invocation } from '../../doubles/functions.ts';
import { mortal } from '../../doubles/mortal.ts';
import { digestOf, type Process, type Running } from './crossing.ts';
import type { Result } from './executions.ts';
import type { Installation } from './installation.ts';

export async function invoke(running: Running, installation: Installation, name: string, event: unknown): Promise<Result> {
	const installed = installation.get(name);
	if (!installed) return { is: 'error', error: 'Lambda.ResourceNotFoundException' };
	const given = JSON.stringify(event);
	const serving: Invocation = { function: name, event: JSON.parse(given) as Json, queries: [], appends: [] };
	running.invocations.push(serving);
	const process: Process = { name, mortal: mortal(name), serving, past: running.looks.pasts ? digestOf(given) : '', calls: 0 };
	running.alive.push(process);
	const ask = async (other: string, question: unknown): Promise<unknown> => {
		const result = await invoke(running, installation, other, question);
		if (result.is === 'error') throw Object.assign(new Error(`${other} has failed`), { name: result.error });
		return result.answer;
	};
	try {
		const { timeoutMs } = installed;
		const handler = installed.start({ running, process, ask });
		const context = { functionName: name, getRemainingTimeInMillis: () => timeoutMs };
		const answer = await process.mortal.run(() => handler(JSON.parse(given), context));
		serving.answer = answer === undefined ? null : (JSON.parse(JSON.stringify(answer)) as Json);
		return { is: 'answer', answer: serving.answer };
	} catch (error) {
		const failure = error instanceof Error ? error : new Error(String(error));
		if (failure.name === 'Sandbox.Timedout') running.world.nowMs += installed.timeoutMs;
		serving.error = { name: failure.name, message: failure.message };
		return { is: 'error', error: failure.name };
	} finally {
		const index = running.alive.indexOf(process);
		if (index >= 0) running.alive.splice(index, 1);
	}
}
