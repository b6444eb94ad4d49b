// What is delivered without anybody waiting for it has a queue for what could not be delivered; what runs has a log that ends.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { functionsIn, one, withDeployed, world } from './deployed-world.ts';
import type { World } from './iam.ts';

type Target = {
	Arn: string;
	DeadLetterConfig?: { Arn: string };
	Input?: string;
	InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string };
};
const targetsOf = (within: World): Target[] =>
	within.deployed.flatMap(({ type, properties }) => (type === 'AWS::Events::Rule' ? (properties.Targets as Target[]) : []));

const complaints = (within: World): string[] => {
	const queues = new Set(within.deployed.flatMap(({ type, arn }) => (type === 'AWS::SQS::Queue' ? [arn] : [])));
	const byEvents = new Set(targetsOf(within).map(({ Arn }) => Arn));
	const invokedByUs = within.deployed.flatMap(({ type, properties }) =>
		type === 'AWS::Lambda::EventSourceMapping' ? [String(properties.FunctionName)] : [],
	);
	return [
		...targetsOf(within).flatMap(({ Arn, DeadLetterConfig }) =>
			DeadLetterConfig && queues.has(DeadLetterConfig.Arn) ? [] : [`a rule delivers to ${Arn} without a queue`],
		),
		...functionsIn(within)
			.filter(({ function: { arn } }) => byEvents.has(arn) || invokedByUs.includes(arn))
			.flatMap(({ name, function: { properties } }) => {
				const queue = (properties.DeadLetterConfig as { TargetArn: string } | undefined)?.TargetArn;
				return queue && queues.has(queue) ? [] : [`${name} is invoked asynchronously without a queue`];
			}),
		...within.deployed.flatMap(({ type, at, properties }) =>
			type === 'AWS::Logs::LogGroup' && !properties.RetentionInDays ? [`${at} is kept for ever`] : [],
		),
		...functionsIn(within).flatMap(({ name, function: { properties } }) =>
			(properties.LoggingConfig as { LogGroup?: string } | undefined)?.LogGroup ? [] : [`${name} has no log group of its own`],
		),
	];
};

test('every rule and every function that is invoked by one has a queue; every log ends', () => {
	expect(targetsOf(world)).toHaveLength(4 + 3);
	expect(complaints(world)).toEqual([]);
});

test('the rule passes on the execution’s name and a reason, and nothing else of the event', () => {
	const rule = one(
		world.deployed.find(({ type, properties }) => type === 'AWS::Events::Rule' && properties.EventPattern),
		'rule on ends',
	);
	expect(rule.properties.EventPattern).toEqual({
		source: ['aws.states'],
		'detail-type': ['Step Functions Execution Status Change'],
		detail: {
			stateMachineArn: ['arn:aws:states:eu-central-1:111122223333:stateMachine:throughline-dev-agent-run'],
			status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
		},
	});
	const [target] = rule.properties.Targets as Target[];
	expect(target?.InputTransformer?.InputPathsMap).toEqual({ 'detail-name': '$.detail.name' });
	expect(target?.InputTransformer?.InputTemplate).toBe('{"run":<detail-name>,"reason":"interrupted"}');
});

test('whatever goes wrong unseen raises an alarm that says where to read on', () => {
	const alarms = world.deployed.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
	expect(alarms).toHaveLength(2 + 4 + 1 + 5 + 3 * 3);
	for (const { properties } of alarms) {
		const [, page = '', section = ''] = /(docs\/(?:deploy|runbook)\.md)#([a-z-]+)$/.exec(String(properties.AlarmDescription)) ?? [];
		const headings = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8').split('\n');
		expect(
			headings.map((line) => line.toLowerCase()),
			String(properties.AlarmDescription),
		).toContain(`## ${section}`);
	}
});

const isRule = ({ type, properties }: World['deployed'][number]): boolean =>
	type === 'AWS::Events::Rule' && Boolean(properties.EventPattern);
test.for<[string, World]>([
	[
		'a rule without a queue',
		withDeployed(isRule, { Targets: [{ Arn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:throughline-dev-recover' }] }),
	],
	['a sweeper without a queue', withDeployed(({ name }) => name === 'throughline-dev-sweep', { DeadLetterConfig: undefined })],
	[
		'another function on a rule',
		withDeployed(isRule, {
			Targets: [
				{
					Arn: one(
						functionsIn(world).find(({ part }) => part === 'resume'),
						'resume',
					).function.arn,
					DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:111122223333:throughline-dev-undelivered' },
				},
			],
		}),
	],
	['a log that never ends', withDeployed(({ type }) => type === 'AWS::Logs::LogGroup', { RetentionInDays: undefined })],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).not.toEqual([]);
});
