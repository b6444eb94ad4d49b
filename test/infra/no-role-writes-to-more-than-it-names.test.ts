// No wildcard write anywhere: what changes something names the action, and a resource down to whose it is. And every role has a boundary.
import { expect, test } from 'vitest';
import { unbounded } from '../../core/step/grants.ts';
import { logDeliveryActions } from '../../infra/constructs/boundaries.ts';
import { one, roleOf, withRole, withStatement, world } from './deployed-world.ts';
import type { Statement, World } from './iam.ts';

const reads = /^[a-z0-9-]+:(Get|List|Describe|Query|BatchGet|Scan)|^kms:Decrypt$|^dynamodb:ConditionCheckItem$/;
const list = (value: string | readonly string[] | undefined): string[] =>
	value === undefined ? [] : typeof value === 'string' ? [value] : [...value];

/** The one exception: Step Functions sets up its log delivery by actions that take no resource at all. */
const isLogDelivery = ({ Action, Resource }: Statement): boolean =>
	Resource === '*' && list(Action).every((action) => logDeliveryActions.includes(action));
/** Of a payload's name both parts are known late: which run, and which of its payloads. */
const bounded = (action: string, resource: string): string | undefined =>
	unbounded({ actions: [action], resources: [resource.replace(/\/\*\/\*$/, '/*')] });

const complaints = ({ roles }: World): string[] =>
	roles.flatMap((role) => [
		...(role.boundary === undefined ? [`${role.name} has no boundary`] : []),
		...role.statements
			.filter((statement) => statement.Effect === 'Allow' && !isLogDelivery(statement))
			.flatMap((statement) =>
				list(statement.Action)
					.filter((action) => !reads.test(action) || action.includes('*'))
					.flatMap((action) =>
						list(statement.Resource)
							.flatMap((resource) => bounded(action, resource) ?? [])
							.map((why) => `${role.name}: ${why}`),
					),
			),
	]);

test('every role has a boundary, and names what it changes', () => {
	expect(world.roles.length).toBeGreaterThan(40);
	expect(complaints(world)).toEqual([]);
});

test('the exception is where it has to be: the roles of the state machines', () => {
	const excepted = world.roles.filter(({ statements }) => statements.some(isLogDelivery));
	expect(excepted.map(({ name }) => name.includes('Machines'))).toEqual([true, true, true, true]);
});

test('no role is given a policy that lies elsewhere', () => {
	for (const { type, properties } of world.deployed) if (type === 'AWS::IAM::Role') expect(properties.ManagedPolicyArns).toBeUndefined();
});

test('there are no users, no access keys and no groups: nothing standing', () => {
	const standing = ['AWS::IAM::User', 'AWS::IAM::AccessKey', 'AWS::IAM::Group', 'AWS::SecretsManager::Secret'];
	expect(world.deployed.filter(({ type }) => standing.includes(type))).toEqual([]);
});

const resume = one(world.roles.find(roleOf('resume')), 'resume').name;
test.for<[string, World]>([
	['everything', withStatement(roleOf('resume'), { Action: '*', Resource: '*' })],
	[
		'every action on one table',
		withStatement(roleOf('resume'), { Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/x' }),
	],
	[
		'one action on every table',
		withStatement(roleOf('resume'), { Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/*' }),
	],
	['one action on everything', withStatement(roleOf('resume'), { Action: 'sqs:SendMessage', Resource: '*' })],
	[
		'every function',
		withStatement(roleOf('resume'), { Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:eu-central-1:111122223333:function:*' }),
	],
	['a role without a boundary', withRole(roleOf('resume'), (role) => ({ ...role, boundary: undefined }))],
	['log delivery and something else', withStatement(roleOf('resume'), { Action: [...logDeliveryActions, 's3:PutObject'], Resource: '*' })],
])('control: %s', ([, naive]) => {
	expect(complaints(naive).join('\n')).toContain(resume);
});
