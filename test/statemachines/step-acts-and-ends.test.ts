import { expect, test } from 'vitest';
import { toolEvent } from '../../functions/guard/protocol.ts';
import { machineOf } from './definitions.ts';
import { execute, lambda } from './execution.ts';
import { status, stepInput } from './samples.ts';

test.each(['ended', 'held', 'fenced'] as const)('a step that is %s is over for its execution', async (said) => {
	const act = lambda(status({ status: said }));
	const execution = await execute(machineOf('step'), { input: stepInput(4), tasks: { Act: act.handler } });
	expect(execution).toEqual({ status: 'SUCCEEDED', entered: ['Act', 'Acted', 'Over'], waitedSeconds: [] });
});

test("the tool's function is named by its agent and tool, and given an event of the protocol", async () => {
	const act = lambda(status({ status: 'ended' }));
	await execute(machineOf('step'), { input: stepInput(4), tasks: { Act: act.handler } });
	const { FunctionName, Payload } = act.given[0] ?? {};
	expect(FunctionName).toBe('throughline-refund-desk_payments_refund');
	expect(toolEvent.parse(Payload)).toEqual(Payload);
	expect(Payload).toEqual({ state: 'Act', run: 'run-7', epoch: 1, step: 4, tool: 'payments.refund', hint: 3 });
});
