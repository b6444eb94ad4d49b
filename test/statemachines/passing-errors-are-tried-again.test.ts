import { expect, test } from 'vitest';
import { machineOf } from './definitions.ts';
import { execute, failing, lambda, named, scripted } from './execution.ts';
import { planned, recoverInput, resumed, runInput, status, stepInput } from './samples.ts';

/** Ours that pass, what a function's other errors are called, and what Lambda and Step Functions say of a function that is gone. */
const passing = ['LedgerUnavailable', 'AppendUnknown', 'PlaceContended', 'ClocksDisagree', 'Unclean', 'FunctionFailed'];
const ofTheServices = ['Runtime.ExitError', 'Sandbox.Timedout', 'Lambda.TooManyRequestsException', 'States.Timeout'];

test.each([...passing, ...ofTheServices])('Act after %s', async (name) => {
	const act = lambda(named(name), named(name), status({ status: 'ended' }));
	expect(await execute(machineOf('step'), { input: stepInput(1), tasks: { Act: act.handler } })).toMatchObject({ status: 'SUCCEEDED' });
	// The same event each time: what became of the earlier attempts, the guard knows.
	expect(act.given).toEqual([act.given[0], act.given[0], act.given[0]]);
});

test.each([
	['Plan', 3],
	['Act', 7],
	['Settle', 7],
	['Resume', 6],
	['Start', 6],
	['HandOver', 6],
] as const)('%s is given up after %i times, and the execution fails', async (task, times) => {
	const always = failing('LedgerUnavailable');
	const reaching = {
		Plan: lambda(planned('hand-over')).handler,
		Act: lambda(status({ status: 'in-doubt', waitSeconds: 0, attempts: [1] })).handler,
		Resume: lambda(resumed('start')).handler,
		[task]: always.handler,
	};
	const [machine, input] = (
		{
			Plan: ['agent-run', runInput],
			HandOver: ['agent-run', runInput],
			Act: ['step', stepInput(1)],
			Settle: ['step', stepInput(1)],
			Resume: ['recover', recoverInput],
			Start: ['recover', recoverInput],
		} as const
	)[task];
	const execution = await execute(machineOf(machine), { input, tasks: reaching });
	expect(always.given).toHaveLength(times);
	expect(execution).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/Interrupted$/) });
});

test('a step whose execution failed is started once more', async () => {
	const step = scripted(named('States.TaskFailed'), { Status: 'SUCCEEDED' });
	const tasks = { Plan: lambda(planned('act', 1), planned('closed')).handler, Step: step.handler };
	expect(await execute(machineOf('agent-run'), { input: runInput, tasks })).toMatchObject({ status: 'SUCCEEDED' });
	expect(step.given).toEqual([step.given[0], step.given[0]]);
});
