/** S2, S4: nothing is asked and nothing acts again before the wait that the guard named is over. */
import { expect, test } from 'vitest';
import { toolEvent } from '../../functions/guard/protocol.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';
import { execute, lambda } from './execution.ts';
import { status, stepInput } from './samples.ts';

const inDoubt = (waitSeconds: number, ...attempts: number[]) => status({ status: 'in-doubt', waitSeconds, attempts });
const again = (waitSeconds: number) => status({ status: 'again', waitSeconds });
const ended = status({ status: 'ended' });

test('in doubt, waited out, settled as not having happened, acted again, ended', async () => {
	const act = lambda(inDoubt(75, 1), ended);
	const settle = lambda(again(2));
	const execution = await execute(machineOf('step'), { input: stepInput(4), tasks: { Act: act.handler, Settle: settle.handler } });
	expect(execution).toEqual({
		status: 'SUCCEEDED',
		entered: ['Act', 'Acted', 'WaitOut', 'Settle', 'Acted', 'Pause', 'Act', 'Acted', 'Over'],
		waitedSeconds: [75, 2],
	});
});

test('settling names the attempts that were waited for, in an event of the protocol', async () => {
	const settle = lambda(ended);
	const tasks = { Act: lambda(inDoubt(75, 1, 3)).handler, Settle: settle.handler };
	await execute(machineOf('step'), { input: stepInput(4), tasks });
	const { FunctionName, Payload } = settle.given[0] ?? {};
	expect(FunctionName).toBe('throughline-refund-desk_payments_refund');
	expect(toolEvent.parse(Payload)).toEqual(Payload);
	expect(Payload).toEqual({ state: 'Settle', run: 'run-7', epoch: 1, step: 4, tool: 'payments.refund', hint: 3, attempts: [1, 3] });
});

test('still in doubt after asking: waits again, for the attempts named last', async () => {
	const settle = lambda(inDoubt(10, 2), status({ status: 'held' }));
	const tasks = { Act: lambda(inDoubt(75, 1, 2)).handler, Settle: settle.handler };
	const execution = await execute(machineOf('step'), { input: stepInput(4), tasks });
	expect(execution).toMatchObject({ status: 'SUCCEEDED', waitedSeconds: [75, 10] });
	expect(settle.given.map(({ Payload }) => Object(Payload).attempts)).toEqual([[1, 2], [2]]);
});

test('the engine itself finds the seconds that the guard answered', async () => {
	const tasks = { Act: lambda(inDoubt(0, 1), ended).handler, Settle: lambda(again(0)).handler };
	expect(await execute(machineOf('step'), { input: stepInput(4), tasks, waits: 'engine' })).toMatchObject({ status: 'SUCCEEDED' });
});

test('control: a definition that does not wait settles at once, and these expectations see it', async () => {
	const hasty = altered('step', (definition) => {
		for (const rule of stateNamed(definition, 'Acted', 'Choice').Choices) rule.Next = rule.Next === 'WaitOut' ? 'Settle' : rule.Next;
		delete definition.States.WaitOut;
	});
	const tasks = { Act: lambda(inDoubt(75, 1), ended).handler, Settle: lambda(again(2)).handler };
	const { waitedSeconds } = await execute(hasty, { input: stepInput(4), tasks });
	expect(waitedSeconds).toEqual([2]);
});
