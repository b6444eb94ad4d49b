import { expect, test } from 'vitest';
import { deployedAs, machineOf } from './definitions.ts';
import { execute, lambda, scripted } from './execution.ts';
import { recoverInput, resumed, stepInput } from './samples.ts';

test('its open steps are executed and nothing is planned', async () => {
	const step = scripted({ Status: 'SUCCEEDED' }, { Status: 'SUCCEEDED' });
	const tasks = { Resume: lambda(resumed('settle', { steps: [stepInput(2), stepInput(5)] })).handler, Step: step.handler };
	const execution = await execute(machineOf('recover'), { input: recoverInput, tasks, id: 'recovery' });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: expect.not.arrayContaining(['Start']) });
	const startedBy = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'recovery' };
	expect(step.given).toEqual([
		{ StateMachineArn: deployedAs.StepMachineArn, Input: { ...stepInput(2), ...startedBy } },
		{ StateMachineArn: deployedAs.StepMachineArn, Input: { ...stepInput(5), ...startedBy } },
	]);
});

test('a run with nothing to take up is left alone', async () => {
	const execution = await execute(machineOf('recover'), { input: recoverInput, tasks: { Resume: lambda(resumed('nothing')).handler } });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: ['Resume', 'Resumed', 'Over'] });
});
