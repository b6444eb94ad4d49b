/** S5: recovery's rule and sweeper look for failed executions. A caught error that ends in success is a lost run. */
import { expect, test } from 'vitest';
import { machineNames } from '../../statemachines/shape.ts';
import { catchComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

test.each(machineNames)('%s fails on every error, but one that means another has started it', (name) => {
	expect(catchComplaints(machineOf(name))).toEqual([]);
});

test('control: a Catch that ends in success is told', () => {
	const quiet = altered('agent-run', (definition) => {
		for (const catcher of stateNamed(definition, 'Plan', 'Task').Catch ?? []) catcher.Next = 'Over';
	});
	expect(catchComplaints(quiet)).toEqual(['Plan catches States.ALL and goes to Over, a Succeed, not a Fail']);
});

test('control: inside a Map too, where the Map would call it done', () => {
	const quiet = altered('agent-run', (definition) => {
		stateNamed(definition, 'Steps', 'Map').ItemProcessor.States.StepInterrupted = { Type: 'Succeed' };
	});
	expect(catchComplaints(quiet)).toEqual(['Step catches States.ALL and goes to StepInterrupted, a Succeed, not a Fail']);
});
