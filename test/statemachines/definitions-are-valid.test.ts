import validate from 'asl-validator';
import { expect, test } from 'vitest';
import { type Machine, machine, machineNames } from '../../statemachines/shape.ts';
import { altered, deployed, machineOf, stateNamed } from './definitions.ts';

const errorsOf = (definition: Machine): string => validate(deployed(definition), { checkPaths: true, checkArn: true }).errorsText();

test.each(machineNames)('%s is valid Amazon States Language', (name) => {
	expect(errorsOf(machineOf(name))).toBe('');
});

test('control: a Next that leads nowhere is invalid', () => {
	const broken = altered('step', (definition) => {
		stateNamed(definition, 'WaitOut', 'Wait').Next = 'Setle';
	});
	expect(errorsOf(broken)).toContain('MISSING_TRANSITION_TARGET');
});

test('control: a field that one of the engines does not run is refused', () => {
	const withHeartbeat = () =>
		altered('step', (definition) => {
			const act = stateNamed(definition, 'Act', 'Task');
			Object.assign(act, { HeartbeatSeconds: 30 });
		});
	expect(() => machineOf('step')).not.toThrow();
	expect(() => machine.parse(withHeartbeat())).toThrow('HeartbeatSeconds');
});
