import { expect, test } from 'vitest';
import type { MachineName, Placeholder } from '../../statemachines/shape.ts';
import { placeholderComplaints } from './checks.ts';
import { readDefinition, substituted } from './definitions.ts';

const expected: Record<MachineName, Placeholder[]> = {
	'agent-run': ['FunctionPrefix', 'StepMachineArn', 'RecoverMachineArn'],
	step: ['FunctionPrefix'],
	recover: ['FunctionPrefix', 'AgentRunMachineArn', 'StepMachineArn'],
};

test.each(Object.entries(expected))('%s uses %j and no other', (name, used) => {
	const text = readDefinition(name as MachineName);
	expect(placeholderComplaints(text, used)).toEqual([]);
	expect(substituted(text)).not.toContain('${');
});

test('control: a misspelt placeholder is told', () => {
	const text = readDefinition('step').replaceAll('FunctionPrefix', 'FunctionPrefx');
	expect(placeholderComplaints(text, expected.step)).toContain(`\${FunctionPrefx} is no placeholder`);
});
