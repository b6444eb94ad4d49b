/** A step's execution may be started with its call. It goes by way of the intake once, and from there on carries ids alone. */
import { expect, test } from 'vitest';
import type { StepIds } from '../../core/ids.ts';
import { CallDiverged, CallRefused } from '../../functions/intake/inline.ts';
import type { Machine } from '../../statemachines/shape.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';
import { execute, lambda } from './execution.ts';
import { status, stepInput } from './samples.ts';

const call = { tool: 'payments.refund', input: { charge: 'c-1' }, purpose: 'as asked' };
const stale: StepIds = { ...stepInput(4), epoch: 0, hint: 0 };
type Statuses = Parameters<typeof status>[0][];

async function played(statuses: Statuses, taken: StepIds | Error = stepInput(4), definition: Machine = machineOf('step')) {
	const act = lambda(...statuses.map(status));
	const intake = lambda(taken);
	const tasks = { Act: act.handler, Intake: intake.handler };
	return { act, intake, execution: await execute(definition, { input: { ...stale, call }, tasks }) };
}

test('not recorded: taken in, then acted on', async () => {
	const { act, intake, execution } = await played([{ status: 'unrecorded' }, { status: 'ended' }]);
	expect(execution).toMatchObject({ status: 'SUCCEEDED', entered: ['Act', 'Acted', 'Intake', 'Act', 'Acted', 'Over'] });
	expect(intake.given).toEqual([
		{ FunctionName: 'throughline-refund-desk-intake', Payload: { state: 'Intake', run: 'run-7', step: 4, call } },
	]);
	expect(act.given.map(({ Payload }) => Payload)).toMatchObject([
		{ epoch: 0, hint: 0 },
		{ epoch: 1, hint: 3, step: 4 },
	]);
});

test.each<Statuses>([[{ status: 'ended' }], [{ status: 'held' }], [{ status: 'fenced' }]])(
	'recorded before, and $status: compared all the same',
	async (first) => {
		const { execution } = await played([first, { status: 'ended' }]);
		expect(execution.entered).toEqual(['Act', 'Acted', 'Intake', 'Act', 'Acted', 'Over']);
	},
);

test('in doubt: waited for after it was compared', async () => {
	const doubt = { status: 'in-doubt' as const, waitSeconds: 20, attempts: [1] };
	const act = lambda(status(doubt), status(doubt));
	const settle = lambda(status({ status: 'ended' }));
	const tasks = { Act: act.handler, Intake: lambda(stepInput(4)).handler, Settle: settle.handler };
	const { entered } = await execute(machineOf('step'), { input: { ...stale, call }, tasks });
	expect(entered).toEqual(['Act', 'Acted', 'Intake', 'Act', 'Acted', 'WaitOut', 'Settle', 'Acted', 'Over']);
});

test.each([
	[new CallDiverged('another call'), 'CallDiverged'],
	[new CallRefused('no call'), 'CallRefused'],
])('%s ends the execution under that name, at once', async (error, name) => {
	const { intake, execution } = await played([{ status: 'unrecorded' }], error);
	expect(execution).toMatchObject({ status: 'FAILED', error: name });
	expect(intake.given).toHaveLength(1);
});

test('without a call there is nothing to record: the execution fails, and no intake is asked', async () => {
	const { execution } = await (async () => {
		const act = lambda(status({ status: 'unrecorded' }));
		return { execution: await execute(machineOf('step'), { input: stepInput(4), tasks: { Act: act.handler } }) };
	})();
	expect(execution).toMatchObject({ status: 'FAILED', error: 'StepInterrupted', entered: ['Act', 'Acted', 'Interrupted'] });
});

test('control: were only what is unrecorded taken in, another call under a used number would pass for done', async () => {
	const naive = altered('step', (definition) => {
		const acted = stateNamed(definition, 'Acted', 'Choice');
		acted.Choices = [...acted.Choices.slice(1, -1), { Variable: '$.step_status.is.status', StringEquals: 'unrecorded', Next: 'Intake' }];
	});
	const { intake, execution } = await played([{ status: 'ended' }], new CallDiverged('another call'), naive);
	expect(execution.status).toBe('SUCCEEDED');
	expect(intake.given).toEqual([]);
});
