import { expect, test } from 'vitest';
import { deployedAs, machineOf } from './definitions.ts';
import { execute, lambda, scripted } from './execution.ts';
import { planned, runInput, stepInput } from './samples.ts';

test('plans, does the steps, plans again with the hint of the plan before', async () => {
	const plan = lambda(planned('act', 1), planned('plan'), planned('act', 2), planned('closed'));
	const step = scripted({ Status: 'SUCCEEDED' }, { Status: 'SUCCEEDED' });
	const execution = await execute(machineOf('agent-run'), { input: runInput, tasks: { Plan: plan.handler, Step: step.handler } });
	expect(execution.status).toBe('SUCCEEDED');
	expect(plan.given.map(({ FunctionName }) => FunctionName)).toEqual(Array(4).fill('throughline-refund-desk-plan'));
	expect(plan.given.map(({ Payload }) => Payload)).toEqual([
		{ run: 'run-7', epoch: 1, hint: 0 },
		...Array(3).fill({ run: 'run-7', epoch: 1, hint: 3 }),
	]);
	expect(step.given.map(({ Input }) => Object(Input).step)).toEqual([1, 2]);
});

test('a step is an execution of the step machine, started with ids and the name of its parent', async () => {
	const step = scripted({ Status: 'SUCCEEDED' });
	const tasks = { Plan: lambda(planned('act', 1), planned('closed')).handler, Step: step.handler };
	await execute(machineOf('agent-run'), { input: runInput, tasks, id: 'parent' });
	expect(step.given).toEqual([
		{ StateMachineArn: deployedAs.StepMachineArn, Input: { ...stepInput(1), AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'parent' } },
	]);
});

test.each(['wait', 'closed', 'fenced'] as const)('a plan that says %s ends the execution well', async (next) => {
	const execution = await execute(machineOf('agent-run'), { input: runInput, tasks: { Plan: lambda(planned(next)).handler } });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: ['Plan', 'Planned', 'Over'] });
});

test('an intent without calls to do is planned again', async () => {
	const tasks = { Plan: lambda(planned('act'), planned('closed')).handler };
	const execution = await execute(machineOf('agent-run'), { input: runInput, tasks });
	expect(execution.entered).toEqual(['Plan', 'Planned', 'Steps', 'Plan', 'Planned', 'Over']);
});
