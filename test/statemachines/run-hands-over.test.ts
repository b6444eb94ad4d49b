import { expect, test } from 'vitest';
import { deployedAs, machineOf } from './definitions.ts';
import { execute, lambda, scripted } from './execution.ts';
import { planned, resumed, runInput } from './samples.ts';

test('recover is started, and this execution ends', async () => {
	const handOver = scripted({ ExecutionArn: 'recovery' });
	const tasks = { Plan: lambda(planned('hand-over')).handler, HandOver: handOver.handler };
	const execution = await execute(machineOf('agent-run'), { input: runInput, tasks, id: 'epoch-1' });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: ['Plan', 'Planned', 'HandOver', 'Over'] });
	expect(handOver.given).toEqual([
		{
			StateMachineArn: deployedAs.RecoverMachineArn,
			Input: { run: 'run-7', reason: 'handover', AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'epoch-1' },
		},
	]);
});

test('what it starts recover with is what recover takes', async () => {
	const handOver = scripted({ ExecutionArn: 'recovery' });
	await execute(machineOf('agent-run'), {
		input: runInput,
		tasks: { Plan: lambda(planned('hand-over')).handler, HandOver: handOver.handler },
	});
	const resume = lambda(resumed('nothing'));
	await execute(machineOf('recover'), { input: Object(handOver.given[0]?.Input), tasks: { Resume: resume.handler } });
	expect(resume.given).toEqual([{ FunctionName: 'throughline-resume', Payload: { run: 'run-7', reason: 'handover' } }]);
});
