/** S5: an error that nobody caught, or a task that nobody ends, would leave a run that is neither going on nor over. */
import { expect, test } from 'vitest';
import { type Machine, machineNames } from '../../statemachines/shape.ts';
import { taskComplaints } from './checks.ts';
import { altered, machineOf, stateNamed, tasksOf } from './definitions.ts';

test.each(machineNames)('every Task and Map of %s', (name) => {
	expect(tasksOf(machineOf(name)).length).toBeGreaterThan(0);
	expect(taskComplaints(machineOf(name))).toEqual([]);
});

const careless: [string, (definition: Machine) => void, string][] = [
	[
		'a Task without a Catch',
		(definition) => delete stateNamed(definition, 'Plan', 'Task').Catch,
		'Plan has no Catch that ends in States.ALL',
	],
	[
		'the same inside a Map',
		(definition) => delete stateNamed(definition, 'Step', 'Task').Catch,
		'Step has no Catch that ends in States.ALL',
	],
	[
		'a Catch of some errors',
		(definition) => stateNamed(definition, 'Plan', 'Task').Catch?.splice(0, 1, { ErrorEquals: ['LedgerBroken'], Next: 'Interrupted' }),
		'Plan has no Catch that ends in States.ALL',
	],
	['no Retry', (definition) => delete stateNamed(definition, 'HandOver', 'Task').Retry, 'HandOver has no Retry that ends in States.ALL'],
	['no timeout', (definition) => delete stateNamed(definition, 'Step', 'Task').TimeoutSeconds, 'Step has no TimeoutSeconds'],
	[
		'a Map without a Catch',
		(definition) => delete stateNamed(definition, 'Steps', 'Map').Catch,
		'Steps has no Catch that ends in States.ALL',
	],
];
test.each(careless)('control: %s is told', (_, change, complaint) => {
	expect(taskComplaints(altered('agent-run', change))).toEqual([complaint]);
});
