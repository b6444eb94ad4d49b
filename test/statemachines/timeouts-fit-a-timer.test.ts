/** Beyond 24.8 days `setTimeout` overflows and fires at once: the embedded host would call a waiting step timed out. */
import { expect, test } from 'vitest';
import { machineNames } from '../../statemachines/shape.ts';
import { LONGEST_TIMER_SECONDS, timerComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

const LONGEST_FUNCTION_SECONDS = 840;

test.each(machineNames)('every timeout of %s does', (name) => {
	expect(timerComplaints(machineOf(name))).toEqual([]);
});

test('a task is not given up while its function may still run', () => {
	for (const name of ['Act', 'Settle'])
		expect(stateNamed(machineOf('step'), name, 'Task').TimeoutSeconds).toBeGreaterThan(LONGEST_FUNCTION_SECONDS);
});

test('control: a month is told', () => {
	const patient = altered('agent-run', (definition) => {
		stateNamed(definition, 'Step', 'Task').TimeoutSeconds = 30 * 24 * 3600;
	});
	expect(LONGEST_TIMER_SECONDS / 86_400).toBeCloseTo(24.86, 2);
	expect(timerComplaints(patient)).toEqual(['Step may take 2592000 s; a timer ends at 2147483 s']);
});
