/** Our definitions as tests take them: parsed, with every state in reach, and deployed under plausible names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, type MachineName, machine, type Placeholder, type Scope, type State, type Task } from '../../statemachines/shape.ts';

export const deployedAs: Record<Placeholder, string> = {
	FunctionPrefix: 'throughline-',
	StepMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:throughline-step',
	AgentRunMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:throughline-agent-run',
	RecoverMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:throughline-recover',
};

export const readDefinition = (name: MachineName): string =>
	readFileSync(join(import.meta.dirname, `../../statemachines/${name}.asl.json`), 'utf8');

export const machineOf = (name: MachineName): Machine => machine.parse(JSON.parse(readDefinition(name)));

/** The definition as an engine is given it. A fresh one each time: asl-validator writes `QueryLanguage` into what it checks. */
export const deployed = (definition: Machine) => JSON.parse(substituted(JSON.stringify(definition)));

export const substituted = (text: string): string =>
	Object.entries(deployedAs).reduce((whole, [name, value]) => whole.replaceAll(`\${${name}}`, value), text);

/** A definition as it would be after a change that must not get through: the controls. */
export function altered(name: MachineName, change: (definition: Machine) => void): Machine {
	const definition = machineOf(name);
	change(definition);
	return definition;
}

/** The machine itself, and what each of its Maps does with an item. */
export const scopesOf = (definition: Machine): Scope[] => [
	definition,
	...Object.values(definition.States).flatMap((state) => (state.Type === 'Map' ? [state.ItemProcessor] : [])),
];

export const statesOf = (definition: Machine): [string, State][] => scopesOf(definition).flatMap(({ States }) => Object.entries(States));

export const tasksOf = (definition: Machine): [string, Task][] =>
	statesOf(definition).flatMap(([name, state]): [string, Task][] => (state.Type === 'Task' ? [[name, state]] : []));

/** The state `name`, which must be a `type`. */
export function stateNamed<T extends State['Type']>(definition: Machine, name: string, type: T): Extract<State, { Type: T }> {
	const found = statesOf(definition).find(([named]) => named === name)?.[1];
	if (found?.Type !== type) throw new Error(`${name} is ${found ? `a ${found.Type}` : 'no state'}, not a ${type}`);
	return found as Extract<State, { Type: T }>;
}
