import { expect, test } from 'vitest';
import { machineNames } from '../../statemachines/shape.ts';
import { reachComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

test.each(machineNames)('every state of %s', (name) => {
	expect(reachComplaints(machineOf(name))).toEqual([]);
});

test('control: a state that nothing leads to any more is told', () => {
	const bypassed = altered('step', (definition) => {
		stateNamed(definition, 'Acted', 'Choice').Choices.splice(2, 1);
		stateNamed(definition, 'WaitOut', 'Wait').Next = 'Act';
	});
	expect(reachComplaints(bypassed)).toEqual(['nothing leads to Settle', 'nothing leads to Pause']);
});
