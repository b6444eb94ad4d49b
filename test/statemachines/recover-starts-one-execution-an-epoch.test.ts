/** The name is made of run and epoch, and Step Functions lets one execution of a name exist: racing recoverers start one. */
import { expect, test } from 'vitest';
import { executionName } from '../../functions/resume/resume.ts';
import type { Machine } from '../../statemachines/shape.ts';
import { ALREADY_STARTED } from './checks.ts';
import { altered, deployedAs, machineOf, stateNamed } from './definitions.ts';
import { execute, failing, lambda, named, scripted } from './execution.ts';
import { recoverInput, resumed } from './samples.ts';

test('starts agent-run under the name that resume answered, after the pause', async () => {
	const start = scripted({ ExecutionArn: 'epoch-2' });
	const tasks = { Resume: lambda(resumed('start', { pauseSeconds: 4 })).handler, Start: start.handler };
	const execution = await execute(machineOf('recover'), { input: recoverInput, tasks });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: ['Resume', 'Resumed', 'Pause', 'Start', 'Over'], waitedSeconds: [4] });
	expect(start.given).toEqual([
		{
			StateMachineArn: deployedAs.AgentRunMachineArn,
			Name: executionName('run-7', 2),
			Input: { run: 'run-7', agent: 'refund-desk', epoch: 2, hint: 3 },
		},
	]);
});

test('the engine itself takes a pause of no seconds', async () => {
	const tasks = { Resume: lambda(resumed('start')).handler, Start: scripted({ ExecutionArn: 'epoch-2' }).handler };
	expect(await execute(machineOf('recover'), { input: recoverInput, tasks, waits: 'engine' })).toMatchObject({ status: 'SUCCEEDED' });
});

test('that another has started it is success, at once', async () => {
	const start = failing(ALREADY_STARTED);
	const tasks = { Resume: lambda(resumed('start')).handler, Start: start.handler };
	expect(await execute(machineOf('recover'), { input: recoverInput, tasks })).toMatchObject({ status: 'SUCCEEDED' });
	expect(start.given).toHaveLength(1);
});

test('an answer that was lost, then told as already started, is success too', async () => {
	const start = scripted(named('States.Timeout'), named(ALREADY_STARTED));
	const tasks = { Resume: lambda(resumed('start')).handler, Start: start.handler };
	expect(await execute(machineOf('recover'), { input: recoverInput, tasks })).toMatchObject({ status: 'SUCCEEDED' });
});

async function raced(definition: Machine, recoverers: number) {
	const started = new Map<unknown, number>();
	const Start = ({ Name }: { [field: string]: unknown }) => {
		if (Name !== undefined && started.has(Name)) throw named(ALREADY_STARTED);
		started.set(Name, (started.get(Name) ?? 0) + 1);
		return { ExecutionArn: 'epoch-2' };
	};
	const race = Array.from({ length: recoverers }, () =>
		execute(definition, { input: recoverInput, tasks: { Resume: lambda(resumed('start')).handler, Start } }),
	);
	const statuses = (await Promise.all(race)).map(({ status }) => status);
	return { statuses, started: [...started.values()].reduce((sum, count) => sum + count, 0) };
}

test('three recoverers start one, and all are content', async () => {
	expect(await raced(machineOf('recover'), 3)).toEqual({ statuses: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'], started: 1 });
});

test('control: without the name they start three', async () => {
	const nameless = altered('recover', (definition) => {
		delete stateNamed(definition, 'Start', 'Task').Parameters['Name.$'];
	});
	expect((await raced(nameless, 3)).started).toBe(3);
});

test('control: with the name of the error wrong, the losers fail', async () => {
	const misnamed = altered('recover', (definition) => {
		for (const catcher of stateNamed(definition, 'Start', 'Task').Catch ?? [])
			catcher.ErrorEquals = catcher.ErrorEquals.map((name) => name.replace('StepFunctions.', ''));
	});
	expect((await raced(misnamed, 3)).statuses.sort()).toEqual(['FAILED', 'FAILED', 'SUCCEEDED']);
});
