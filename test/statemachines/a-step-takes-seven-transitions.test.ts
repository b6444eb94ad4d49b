/** Step Functions is paid by the state transition: each state entered, those of the step's own execution included. */
import { expect, test } from 'vitest';
import { CALLS_PER_INTENT } from '../../core/bounds.ts';
import { type Machine, machine } from '../../statemachines/shape.ts';
import { altered, machineOf } from './definitions.ts';
import { execute, lambda } from './execution.ts';
import { planned, runInput, status } from './samples.ts';

const MOST_A_STEP = 7;

/** All states entered by a run of these intents, each a list of steps, in its own execution and in its steps'. */
async function transitions(intents: number[][], step: Machine = machineOf('step')): Promise<number> {
	let inSteps = 0;
	const Plan = lambda(...intents.map((steps) => planned('act', ...steps)), planned('closed')).handler;
	const Step = async ({ Input }: { [field: string]: unknown }) => {
		const ofStep = await execute(step, { input: Object(Input), tasks: { Act: lambda(status({ status: 'ended' })).handler } });
		inSteps += ofStep.entered.length;
		return { Status: ofStep.status };
	};
	const ofRun = await execute(machineOf('agent-run'), { input: runInput, tasks: { Plan, Step } });
	expect(ofRun.status).toBe('SUCCEEDED');
	return ofRun.entered.length + inSteps;
}

test('a step of one call costs 7', async () => {
	const [none, one, two] = [await transitions([]), await transitions([[1]]), await transitions([[1], [2]])];
	// What a run costs whatever it does: the last plan, its Choice, and the end.
	expect(none).toBe(3);
	expect([one - none, two - one]).toEqual([MOST_A_STEP, MOST_A_STEP]);
});

test('steps planned together share their plan', async () => {
	const steps = Array.from({ length: CALLS_PER_INTENT }, (_, index) => index + 1);
	expect(await transitions([steps])).toBe(3 + 3 + 4 * CALLS_PER_INTENT);
});

test('control: a state more in the step machine is seen', async () => {
	const longer = altered('step', (definition) => {
		definition.StartAt = 'Look';
		definition.States.Look = machine.shape.States.valueType.parse({
			Type: 'Choice',
			Choices: [{ Variable: '$.run', StringEquals: 'none', Next: 'Over' }],
			Default: 'Act',
		});
	});
	expect((await transitions([[1]], longer)) - (await transitions([]))).toBeGreaterThan(MOST_A_STEP);
});
