import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CALLS_PER_INTENT } from '../../core/bounds.ts';
import type { Machine } from '../../statemachines/shape.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';
import { execute, lambda } from './execution.ts';
import { planned, runInput } from './samples.ts';

const numbered = Array.from({ length: CALLS_PER_INTENT }, (_, index) => index + 1);

/** How many steps were under way at once, at most. */
async function mostAtOnce(definition: Machine): Promise<number> {
	let underWay = 0;
	let most = 0;
	const Step = async () => {
		underWay += 1;
		most = Math.max(most, underWay);
		await setImmediate();
		underWay -= 1;
		return { Status: 'SUCCEEDED' };
	};
	const Plan = lambda(planned('act', ...numbered), planned('closed')).handler;
	expect(await execute(definition, { input: runInput, tasks: { Plan, Step } })).toMatchObject({ status: 'SUCCEEDED' });
	return most;
}

test('as many as an intent may hold, so that no step waits for another', async () => {
	expect(await mostAtOnce(machineOf('agent-run'))).toBe(CALLS_PER_INTENT);
	expect(stateNamed(machineOf('recover'), 'Steps', 'Map').MaxConcurrency).toBe(CALLS_PER_INTENT);
});

test('control: one after the other is seen', async () => {
	const narrow = altered('agent-run', (definition) => {
		stateNamed(definition, 'Steps', 'Map').MaxConcurrency = 1;
	});
	expect(await mostAtOnce(narrow)).toBe(1);
});

test('the next plan waits for all of them', async () => {
	const order: string[] = [];
	const plan = lambda(planned('act', 1, 2, 3), planned('closed'));
	const tasks = {
		Plan: (given: { [field: string]: unknown }) => {
			order.push('plan');
			return plan.handler(given);
		},
		Step: async ({ Input }: { [field: string]: unknown }) => {
			for (let turn = Object(Input).step; turn < 4; turn += 1) await setImmediate();
			order.push(`step ${Object(Input).step}`);
			return { Status: 'SUCCEEDED' };
		},
	};
	await execute(machineOf('agent-run'), { input: runInput, tasks });
	expect(order).toEqual(['plan', 'step 3', 'step 2', 'step 1', 'plan']);
});
