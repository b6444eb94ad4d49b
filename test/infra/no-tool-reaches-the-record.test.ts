// A tool's function may write its log and ask its own guard. Neither it nor what its guard hands out reaches ledger, keys or payloads.
import { expect, test } from 'vitest';
import {
	functionsIn,
	keys,
	ledger,
	named,
	payloads,
	record,
	roleOf,
	sessionRoles,
	withRole,
	withStatement,
	world,
} from './deployed-world.ts';
import { couldAllow, type Role, type World } from './iam.ts';

const actions = [
	...[
		'GetItem',
		'BatchGetItem',
		'Query',
		'Scan',
		'PutItem',
		'UpdateItem',
		'DeleteItem',
		'BatchWriteItem',
		'ConditionCheckItem',
		'DescribeTable',
	].map((name) => `dynamodb:${name}`),
	...[
		'PartiQLSelect',
		'PartiQLInsert',
		'PartiQLUpdate',
		'PartiQLDelete',
		'DeleteTable',
		'UpdateTable',
		'UpdateTimeToLive',
		'ExportTableToPointInTime',
	].map((name) => `dynamodb:${name}`),
	...['GetObject', 'PutObject', 'DeleteObject', 'ListBucket', 'PutBucketPolicy', 'DeleteBucket'].map((name) => `s3:${name}`),
];
const actionsOn = (resource: string): string[] => actions.filter((action) => resource.startsWith(`arn:aws:${action.split(':')[0]}:`));
/** What a tool's code can ever hold: its function's role, and sessions of these. */
const heldByTools = (within: World): Role[] => [
	...functionsIn(within).flatMap(({ part, role }) => (part === 'tool' ? [role] : [])),
	...sessionRoles(within).flatMap(({ kind, role }) => (kind === 'commit' ? [] : [role])),
];

const complaints = (within: World): string[] =>
	heldByTools(within).flatMap((role) =>
		record.flatMap((resource) =>
			actionsOn(resource).flatMap((action) =>
				couldAllow(within, role, { action, resource }) ? [`${role.name} could ${action} ${resource}`] : [],
			),
		),
	);

test('no role that a tool holds', () => {
	expect(heldByTools(world).length).toBeGreaterThan(16);
	expect(complaints(world)).toEqual([]);
});

test('a tool’s function may do two things: write its own log, and invoke its own guard', () => {
	for (const { part, role } of functionsIn(world)) {
		if (part !== 'tool') continue;
		const allowed = role.statements.flatMap(({ Action }) => Action).toSorted();
		expect(allowed).toEqual(['lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents']);
	}
});

const everything = { Action: '*', Resource: '*' };
test('whatever is attached to a role that is handed out later, its boundary keeps it from the record', () => {
	expect(complaints(withStatement(named('refund-desk_mail_send-access'), everything))).toEqual([]);
});

test.for<[string, World]>([
	[
		'a tool’s function that may read the ledger',
		withStatement(roleOf('refund-desk_mail_send'), { Action: 'dynamodb:Query', Resource: ledger.arn }),
	],
	['a tool’s function that may read keys', withStatement(roleOf('refund-desk_mail_send'), { Action: 'dynamodb:Get*', Resource: keys.arn })],
	[
		'a tool’s function that may read payloads',
		withStatement(roleOf('refund-desk_mail_send'), { Action: 's3:GetObject', Resource: `${payloads.arn}/*` }),
	],
	[
		'a session without a boundary that may do anything',
		withRole(named('refund-desk_mail_send-access'), (role) => ({
			...role,
			boundary: undefined,
			statements: [{ Effect: 'Allow', ...everything }],
		})),
	],
	[
		'a right that depends on something',
		withStatement(roleOf('refund-desk_mail_send'), {
			Action: 'dynamodb:PutItem',
			Resource: ledger.arn,
			Condition: { StringLike: { 'aws:PrincipalTag/run': '*' } },
		}),
	],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).not.toEqual([]);
});
