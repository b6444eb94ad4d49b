// L1 in IAM: no role can update or delete an item of the ledger, by whichever of DynamoDB's ways; who appends, and to which chains, is a list.
import { describe, expect, test } from 'vitest';
import {
	functionsIn,
	keys,
	ledger,
	named,
	one,
	type Part,
	roleOf,
	sessionRoles,
	withRole,
	withStatement,
	world,
} from './deployed-world.ts';
import { allows, couldAllow, type Role, type World } from './iam.ts';

const changing = [
	'UpdateItem',
	'DeleteItem',
	'BatchWriteItem',
	'PartiQLInsert',
	'PartiQLUpdate',
	'PartiQLDelete',
	'UpdateTimeToLive',
	'DeleteTable',
	'UpdateTable',
	'RestoreTableToPointInTime',
];

const changes = (within: World): string[] =>
	within.roles.flatMap((role) =>
		[ledger.arn, keys.arn].flatMap((resource) =>
			changing.flatMap((name) =>
				couldAllow(within, role, { action: `dynamodb:${name}`, resource }) ? [`${role.name} could ${name} ${resource}`] : [],
			),
		),
	);

test('no role, by no action', () => {
	expect(changes(world)).toEqual([]);
});

test('not even one that is given everything: the table itself denies what changes an item', () => {
	const naive = withRole(named('refund-desk_mail_send-access'), (role) => ({
		...role,
		boundary: undefined,
		statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
	}));
	const role = one(naive.roles.find(named('refund-desk_mail_send-access')), 'role');
	for (const name of changing.slice(0, 7)) expect(allows(naive, role, { action: `dynamodb:${name}`, resource: ledger.arn })).toBe(false);
	expect(allows(naive, role, { action: 'dynamodb:DeleteTable', resource: ledger.arn })).toBe(true);
});

/** What each may append to. `own` is the tool's, or the agent's, or the run's. */
const chains = {
	run: 'run#run-1',
	all: 'control#@all',
	agent: 'control#@agent:refund-desk',
	claim: 'key#mail.send#order-1',
	otherClaim: 'key#payments.refund#charge-1',
	generation: 'generation#a-table',
};
type Chain = keyof typeof chains;
const appends: Record<Exclude<Part, 'guard'>, Chain[]> = {
	tool: [],
	plan: ['run'],
	open: ['run'],
	intake: ['run'],
	status: [],
	resume: ['run'],
	sweep: [],
	decide: ['run'],
	close: ['run'],
	freeze: ['run', 'all', 'agent'],
	ingest: [],
	backfill: [],
	reconcile: [],
	// What a backup lacked, and the mark that says that it is back.
	archive: ['run', 'all', 'agent', 'claim', 'otherClaim', 'generation'],
};
const mayAppend = (within: World, role: Role, more: Record<string, string> = {}): Chain[] =>
	(Object.keys(chains) as Chain[]).filter((chain) =>
		allows(within, role, { action: 'dynamodb:PutItem', resource: ledger.arn, keys: { 'dynamodb:LeadingKeys': [chains[chain]], ...more } }),
	);

describe('who appends to what', () => {
	test.each(Object.entries(appends))('%s: %j', (part, expected) => {
		const functions = functionsIn(world).filter((each) => each.part === part);
		expect(functions.length).toBeGreaterThan(0);
		for (const { role } of functions) expect(mayAppend(world, role)).toEqual(expected);
	});

	test('a guard: to runs, and claims of its own tool', () => {
		const guard = one(
			functionsIn(world).find(({ name }) => name.endsWith('mail_send__guard')),
			'guard',
		);
		expect(mayAppend(world, guard.role)).toEqual(['run', 'claim']);
	});

	test('a session that commits: to the run that it was issued for', () => {
		const commits = sessionRoles(world).filter(({ kind }) => kind === 'commit');
		expect(commits).toHaveLength(3);
		for (const { role } of commits) {
			expect(mayAppend(world, role, { 'aws:PrincipalTag/run': 'run-1' })).toEqual(['run']);
			expect(mayAppend(world, role, { 'aws:PrincipalTag/run': 'run-2' })).toEqual([]);
			expect(mayAppend(world, role)).toEqual([]);
		}
	});

	test('machines, rules and everybody else: to nothing', () => {
		const others = world.roles.filter(
			(role) => !functionsIn(world).some((each) => each.role === role) && !sessionRoles(world).some((each) => each.role === role),
		);
		expect(others.length).toBeGreaterThan(3);
		for (const role of others) expect(couldAllow(world, role, { action: 'dynamodb:PutItem', resource: ledger.arn })).toBe(false);
	});

	test('a request that names no key at all is let through to nobody: a scan is one', () => {
		for (const role of world.roles) {
			for (const name of ['Scan', 'Query', 'PutItem'])
				expect(allows(world, role, { action: `dynamodb:${name}`, resource: ledger.arn })).toBe(false);
		}
	});

	test('keys are made where runs are opened, and nowhere else', () => {
		const makers = world.roles.filter((role) => couldAllow(world, role, { action: 'dynamodb:PutItem', resource: keys.arn }));
		const openers = functionsIn(world).flatMap(({ part, role }) => (part === 'open' ? [role] : []));
		expect(makers.map(({ name }) => name).toSorted()).toEqual(openers.map(({ name }) => name).toSorted());
	});
});

test.for<[string, World]>([
	[
		'a resource policy that is gone',
		{
			...withStatement(roleOf('resume'), { Action: 'dynamodb:*', Resource: '*' }),
			resourcePolicies: new Map(),
			roles: withRole(roleOf('resume'), (role) => ({
				...role,
				boundary: undefined,
				statements: [{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: ledger.arn }],
			})).roles,
		},
	],
	[
		'a role without a boundary that may delete the table',
		withRole(roleOf('resume'), (role) => ({
			...role,
			boundary: undefined,
			statements: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: ledger.arn }],
		})),
	],
])('control: %s', ([, naive]) => {
	expect(changes(naive)).not.toEqual([]);
});

test('control: a sweeper that may append is seen to', () => {
	const naive = withStatement(roleOf('sweep'), { Action: 'dynamodb:PutItem', Resource: ledger.arn });
	expect(
		mayAppend(
			naive,
			one(
				naive.roles.find((role) => role.name === one(world.roles.find(roleOf('sweep')), 'sweep').name),
				'sweep',
			),
		),
	).not.toEqual([]);
});

test('control: without the guard against requests that name no key, a scan gets through', () => {
	const naive = withStatement(roleOf('resume'), {
		Action: 'dynamodb:Query',
		Resource: ledger.arn,
		Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run#*'] } },
	});
	const role = one(
		naive.roles.find((each) => each.name === one(world.roles.find(roleOf('resume')), 'resume').name),
		'resume',
	);
	expect(allows(naive, role, { action: 'dynamodb:Query', resource: ledger.arn })).toBe(true);
});
