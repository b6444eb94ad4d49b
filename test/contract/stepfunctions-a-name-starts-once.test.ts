// Racing recoverers start one execution because its name is taken once; that it was taken is an answer, not an error.
import { expect, test } from 'vitest';
import { machineClient, machineExecutions } from '../../adapters/stepfunctions/executions.ts';
import { type Answered, type Asked, httpService } from '../doubles/http-service.ts';

const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:throughline-dev-recover';
const refusedWith = (type: string): Answered => ({ status: 400, body: JSON.stringify({ __type: type, message: 'as the test says' }) });
const answered = (body: unknown): Answered => ({ status: 200, body: JSON.stringify(body) });

async function executions(answer: (asked: Asked) => Answered) {
	const asked: unknown[] = [];
	const service = await httpService((one) => {
		asked.push(JSON.parse(one.body.toString()));
		return answer(one);
	});
	return { executions: machineExecutions({ client: machineClient(service), arns: { recover: arn } }), asked };
}

test('started under the name that was given, with ids as its input', async () => {
	const { executions: machines, asked } = await executions(() => answered({ executionArn: 'arn', startDate: 1 }));
	expect(await machines.start('recover', { name: 'run-1.0.7', input: { run: 'run-1', reason: 'recovery' } })).toBe('started');
	expect(asked).toEqual([{ stateMachineArn: arn, name: 'run-1.0.7', input: '{"run":"run-1","reason":"recovery"}' }]);
});

test('a name that was used before exists', async () => {
	const { executions: machines } = await executions(() => refusedWith('ExecutionAlreadyExists'));
	expect(await machines.start('recover', { name: 'run-1.0.7', input: {} })).toBe('exists');
});

test.for([
	['RUNNING', true],
	['SUCCEEDED', false],
	['FAILED', false],
	['ABORTED', false],
	['TIMED_OUT', false],
] as const)('an execution that is %s: under way is %s', async ([status, running]) => {
	const { executions: machines, asked } = await executions(() =>
		answered({ status, executionArn: 'arn', stateMachineArn: arn, startDate: 1 }),
	);
	expect(await machines.isRunning('recover', 'run-1.0.7')).toBe(running);
	expect(asked).toEqual([{ executionArn: 'arn:aws:states:eu-central-1:111122223333:execution:throughline-dev-recover:run-1.0.7' }]);
});

test('an execution that never was is not under way', async () => {
	const { executions: machines } = await executions(() => refusedWith('ExecutionDoesNotExist'));
	expect(await machines.isRunning('recover', 'run-1.0.7')).toBe(false);
});

test('not knowing is an error, never "not under way"', async () => {
	const { executions: machines } = await executions(() => refusedWith('AccessDeniedException'));
	await expect(machines.isRunning('recover', 'run-1.0.7')).rejects.toMatchObject({ name: 'MachineUnavailable' });
	await expect(machines.start('recover', { name: 'n', input: {} })).rejects.toMatchObject({ name: 'MachineUnavailable' });
});

test('a machine that this function does not know is not started', async () => {
	const { executions: machines, asked } = await executions(() => answered({}));
	await expect(machines.start('agent-run', { name: 'n', input: {} })).rejects.toMatchObject({ name: 'MachineUnavailable' });
	expect(asked).toEqual([]);
});

test('what is under way is told over all pages; more than can be told is an error', async () => {
	let pages = 0;
	const { executions: machines } = await executions(() => {
		pages += 1;
		const more = pages === 1 ? { nextToken: 'more' } : {};
		return answered({
			executions: [{ name: `run-${pages}.0.1.x`, executionArn: 'a', stateMachineArn: arn, status: 'RUNNING', startDate: 1 }],
			...more,
		});
	});
	expect(await machines.running('recover')).toEqual(['run-1.0.1.x', 'run-2.0.1.x']);
	const { executions: endless } = await executions(() => answered({ executions: [], nextToken: 'more' }));
	await expect(endless.running('recover')).rejects.toMatchObject({ name: 'MachineUnavailable' });
});

test('of several machines with one definition the first is started, and all are looked through', async () => {
	const service = await httpService((one) => {
		const { stateMachineArn = '' } = JSON.parse(one.body.toString()) as { stateMachineArn?: string };
		const name = `run-of-${stateMachineArn.split('-').at(-1)}.1`;
		return answered({
			executionArn: arn,
			startDate: 1,
			executions: [{ name, executionArn: arn, stateMachineArn, status: 'RUNNING', startDate: 1 }],
		});
	});
	const machines = machineExecutions({ client: machineClient(service), arns: { step: [`${arn}-a`, `${arn}-b`] } });
	expect(await machines.running('step')).toEqual(['run-of-a.1', 'run-of-b.1']);
	expect(await machines.start('step', { name: 'n', input: {} })).toBe('started');
});
