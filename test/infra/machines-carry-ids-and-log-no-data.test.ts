// A3: state machines carry ids, so that neither their history nor their logs hold content; and every placeholder of theirs is filled.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { machineNames } from '../../statemachines/shape.ts';
import { functionsIn, one, PREFIX, withDeployed, world } from './deployed-world.ts';
import { allows, type World } from './iam.ts';

type Logging = { Level: string; IncludeExecutionData: boolean };
const machinesIn = (within: World) => within.deployed.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');

const complaints = (within: World): string[] =>
	machinesIn(within).flatMap(({ name, properties }) => {
		const logging = properties.LoggingConfiguration as Logging | undefined;
		const tracing = properties.TracingConfiguration as { Enabled: boolean } | undefined;
		const text = String(properties.DefinitionString);
		const given = Object.keys((properties.DefinitionSubstitutions ?? {}) as object);
		return [
			...(logging?.Level === 'ERROR' && logging.IncludeExecutionData === false ? [] : [`${name} logs more than errors, or their data`]),
			...(tracing?.Enabled === true ? [`${name} is traced`] : []),
			...[...text.matchAll(/\$\{(\w+)\}/g)].flatMap(([, placeholder = '']) =>
				given.includes(placeholder) ? [] : [`${name} leaves ${placeholder} open`],
			),
		];
	});

test('errors without data, no traces, every placeholder filled', () => {
	expect(machinesIn(world).map(({ name }) => name)).toEqual([...machineNames, 'step-stock-room'].map((name) => PREFIX + name));
	expect(complaints(world)).toEqual([]);
});

test('they are the files that the embedded default runs', () => {
	for (const [name, of] of [...machineNames.map((name) => [name, name]), ['step-stock-room', 'step']]) {
		const deployed = one(
			machinesIn(world).find((each) => each.name === `${PREFIX}${name}`),
			name ?? '',
		);
		const file = readFileSync(new URL(`../../statemachines/${of}.asl.json`, import.meta.url), 'utf8');
		expect(JSON.parse(String(deployed.properties.DefinitionString))).toEqual(JSON.parse(file));
	}
});

test('they lead to each other, and to functions of this deployment', () => {
	const leads = Object.assign({}, ...machinesIn(world).map(({ properties }) => properties.DefinitionSubstitutions)) as Record<
		string,
		string
	>;
	const arn = (name: string) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${PREFIX}${name}`;
	expect(leads).toEqual({
		FunctionPrefix: PREFIX,
		StepMachineArn: arn('step'),
		AgentRunMachineArn: arn('agent-run'),
		RecoverMachineArn: arn('recover'),
	});
});

test('the sweeper looks at every machine that acts steps: what one of them settles is not taken up', () => {
	const sweep = one(
		functionsIn(world).find(({ part }) => part === 'sweep'),
		'sweep',
	);
	const acting = machinesIn(world).flatMap(({ name, arn }) => (name.startsWith(`${PREFIX}step`) ? [arn] : []));
	const { THROUGHLINE_STEP_MACHINES: told = '' } = (sweep.function.properties.Environment as { Variables: Record<string, string> })
		.Variables;
	expect(JSON.parse(told)).toEqual(acting);
	for (const resource of acting) expect(allows(world, sweep.role, { action: 'states:ListExecutions', resource })).toBe(true);
});

const isStep = ({ name }: World['deployed'][number]): boolean => name === `${PREFIX}step`;
test.for<[string, World]>([
	['data in the log', withDeployed(isStep, { LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: true } })],
	['every event in the log', withDeployed(isStep, { LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false } })],
	['traced', withDeployed(isStep, { TracingConfiguration: { Enabled: true } })],
	['a placeholder that nobody fills', withDeployed(isStep, { DefinitionSubstitutions: {} })],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).not.toEqual([]);
});
