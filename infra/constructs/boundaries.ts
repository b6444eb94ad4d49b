/**
 * What no role made here can ever do, whatever somebody attaches to it later. A boundary grants nothing by itself.
 */
import { Stack } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards, objectsSeenFrom, payloadsSeenFrom } from './acknowledged.ts';
import { changingActions } from './insert-only.ts';
import { keyActions } from './permissions.ts';
import type { ThroughlineStore } from './store.ts';

export type BoundariesProps = { readonly prefix: string; readonly store: ThroughlineStore };

export class Boundaries extends Construct {
	/** For functions, state machines, rules, and sessions that commit: our own services, and no others. */
	readonly inside: ManagedPolicy;
	/** For what tools are granted: anything of AWS that their roles name, and nothing of ours. */
	readonly outside: ManagedPolicy;

	constructor(scope: Construct, id: string, { prefix, store }: BoundariesProps) {
		super(scope, id);
		const stack = Stack.of(this);
		const functions = stack.formatArn({ service: 'lambda', resource: `function:${prefix}*` });
		const machines = ['stateMachine', 'execution'].map((kind) => stack.formatArn({ service: 'states', resource: `${kind}:${prefix}*` }));
		const roles = stack.formatArn({ service: 'iam', region: '', resource: `role/${prefix}*` });
		const record = [store.ledger, store.keys, store.witnesses, store.findings].flatMap(({ tableArn }) => [tableArn, `${tableArn}/*`]);
		const bucket = [store.payloads.bucketArn, store.payloads.arnForObjects('*')];
		const archive = [store.archive.bucketArn, store.archive.arnForObjects('*')];
		const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
		const deny = (actions: string[], resources: string[]) => new PolicyStatement({ effect: Effect.DENY, actions, resources });
		this.inside = new ManagedPolicy(this, 'Inside', {
			description: 'What functions and state machines of Throughline may do at most',
			statements: [
				allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [stack.formatArn({ service: 'logs', resource: 'log-group:*' })]),
				allow(logDeliveryActions, ['*']),
				allow(['lambda:InvokeFunction'], [functions]),
				allow(
					[
						'dynamodb:Query',
						'dynamodb:GetItem',
						'dynamodb:PutItem',
						'dynamodb:UpdateItem',
						'dynamodb:ConditionCheckItem',
						'dynamodb:DescribeTable',
					],
					[stack.formatArn({ service: 'dynamodb', resource: 'table/*' })],
				),
				allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], bucket),
				allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], archive),
				allow(streamActions, [stack.formatArn({ service: 'dynamodb', resource: 'table/*' })]),
				allow(keyActions, [store.key.keyArn]),
				allow(trailActions, [stack.formatArn({ service: 'kinesis', resource: `stream/${prefix}*` })]),
				// The trail's bucket may be one that was there before, and the keys are AWS's own.
				allow(['s3:GetObject', 's3:ListBucket'], ['*']),
				allow(['cloudtrail:ListPublicKeys'], ['*']),
				allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], [roles]),
				allow(['states:StartExecution', 'states:DescribeExecution', 'states:StopExecution', 'states:ListExecutions'], machines),
				allow(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [nestedExecutionRule(stack)]),
				allow(['sqs:SendMessage', ...receiveActions], [stack.formatArn({ service: 'sqs', resource: `${prefix}*` })]),
				deny(changingActions, record),
			],
		});
		this.outside = new ManagedPolicy(this, 'Outside', {
			description: 'What tools of Throughline may be granted at most',
			statements: [
				allow(['*'], ['*']),
				deny(['iam:*', 'sts:*', 'organizations:*', 'account:*', 'cloudtrail:*'], ['*']),
				deny(['dynamodb:*'], record),
				deny(['s3:*'], [...bucket, ...archive]),
				deny(['lambda:*'], [functions]),
				deny(['states:*'], machines),
				deny(['sqs:*'], [stack.formatArn({ service: 'sqs', resource: `${prefix}*` })]),
			],
		});
		const why = 'A boundary grants nothing: it is the most that the policies attached to a role can come to.';
		const allowed = [this.inside, this.outside].flatMap(({ document }) => document.toJSON().Statement as { Resource: string | string[] }[]);
		acknowledgeWildcards(
			this,
			[...allowed.flatMap(({ Resource }) => Resource), payloadsSeenFrom(this, store, '*'), objectsSeenFrom(this, store.archive, '*')],
			why,
		);
		acknowledge(this, { 'IAM5[Action::*]': why });
	}
}
/** What Lambda does in a function's name to take messages off a queue. */
export const receiveActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** What Lambda does in a function's name to read a table's stream. */
export const streamActions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

/** What Lambda does in a function's name to read a stream, and CloudWatch Logs to write to it. */
export const readsStream = [
	'kinesis:DescribeStream',
	'kinesis:DescribeStreamSummary',
	'kinesis:GetRecords',
	'kinesis:GetShardIterator',
	'kinesis:ListShards',
];
const trailActions = [...readsStream, 'kinesis:PutRecord', 'kinesis:PutRecords'];

/** Step Functions sets up its own log delivery, by actions that take no narrower resource. */
export const logDeliveryActions = [
	'logs:CreateLogDelivery',
	'logs:GetLogDelivery',
	'logs:UpdateLogDelivery',
	'logs:DeleteLogDelivery',
	'logs:ListLogDeliveries',
	'logs:PutResourcePolicy',
	'logs:DescribeResourcePolicies',
	'logs:DescribeLogGroups',
];

/** By this rule, which is its own, Step Functions learns that a nested execution has ended. */
export const nestedExecutionRule = (stack: Stack): string =>
	stack.formatArn({ service: 'events', resource: 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule' });
