/** S5: nothing is planned over a step whose end is not known; the failed execution is what recovery looks for. */
import { expect, test } from 'vitest';
import type { Machine, MachineName } from '../../statemachines/shape.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';
import { execute, lambda, named } from './execution.ts';
import { planned, recoverInput, resumed, runInput, stepInput } from './samples.ts';

async function withOneFailing(definition: Machine, name: MachineName) {
	const plan = lambda(planned('act', 1, 2, 3), planned('closed'));
	let starts = 0;
	const tasks = {
		Plan: plan.handler,
		Resume: lambda(resumed('settle', { steps: [1, 2, 3].map(stepInput) })).handler,
		Step: ({ Input }: { [field: string]: unknown }) => {
			if (Object(Input).step !== 2) return { Status: 'SUCCEEDED' };
			starts += 1;
			// What `startExecution.sync` says when the execution it waited for did not succeed.
			throw named('States.TaskFailed');
		},
	};
	const execution = await execute(definition, { input: name === 'recover' ? recoverInput : runInput, tasks });
	return { ...execution, plans: plan.given.length, starts };
}

test.each([
	['agent-run', 'RunInterrupted', 1],
	['recover', 'RecoveryInterrupted', 0],
] as const)('%s fails as %s, after the step was started twice', async (name, error, plans) => {
	expect(await withOneFailing(machineOf(name), name)).toMatchObject({ status: 'FAILED', error, plans, starts: 2 });
});

test('control: a Map that calls a failed step done plans over it', async () => {
	const quiet = altered('agent-run', (definition) => {
		stateNamed(definition, 'Steps', 'Map').ItemProcessor.States.StepInterrupted = { Type: 'Succeed' };
	});
	expect(await withOneFailing(quiet, 'agent-run')).toMatchObject({ status: 'SUCCEEDED', plans: 2 });
});
