// Each access role can be assumed by its own guard and by nothing else, and only with all that makes a session attributable.
import { expect, test } from 'vitest';
import { guardFunction, roleName } from '../../core/ids.ts';
import { loadAgents } from '../../infra/bundling/agent-folders.ts';
import { loadAgent } from '../../local/load-agent.ts';
import { functionsIn, named, one, PREFIX, roleOf, sessionRoles, withRole, withStatement, world } from './deployed-world.ts';
import { allows, type Request, type Role, trusts, type World } from './iam.ts';
import { letterDesk } from './synthesized.ts';

const agents = [...(await loadAgents()), await loadAgent(letterDesk)].map(({ agent }) => agent);
/** Of every role that a guard assumes: whose it is. */
const owners = new Map(
	agents.flatMap((agent) =>
		[...agent.tools.keys()].flatMap((tool) =>
			(['access', 'lookup', 'commit'] as const).map((kind) => [
				PREFIX + roleName(agent.name, tool, kind),
				{ agent: agent.name, guard: PREFIX + guardFunction(agent.name, tool) },
			]),
		),
	),
);

const keysOf = (agent: string, lookup: boolean): NonNullable<Request['keys']> => ({
	'sts:RoleSessionName': `run-1.3.${lookup ? 'l1' : '1'}`,
	'sts:SourceIdentity': 'run-1',
	'aws:RequestTag/agent': agent,
	'aws:RequestTag/run': 'run-1',
	'aws:RequestTag/step': '3',
	'aws:RequestTag/attempt': '1',
	'aws:RequestTag/head': 'a'.repeat(64),
});
const stsActions = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/** IAM asks about all three, with what the request says; a key that is not of an action is not there. */
function canAssume(within: World, by: Role, role: Role, said: NonNullable<Request['keys']>): boolean {
	return stsActions.every((action) => {
		const keys = Object.fromEntries(Object.entries(said).filter(([key]) => !(action === 'sts:TagSession' && key === 'sts:SourceIdentity')));
		const request = { action, resource: role.arn, keys };
		return trusts(role, { aws: by.arn }, request) && allows(within, by, request);
	});
}

function complaints(within: World): string[] {
	const guards = new Map(functionsIn(within).map(({ name, role }) => [name, role]));
	return sessionRoles(within).flatMap(({ kind, role }) => {
		const owner = one(owners.get(role.name), `owner of ${role.name}`);
		const said = keysOf(owner.agent, kind === 'lookup');
		const own = guards.get(owner.guard);
		const others = within.roles.filter((other) => other !== own && canAssume(within, other, role, said));
		const lacking = own ? Object.keys(said).filter((key) => canAssume(within, own, role, without(said, key))) : [];
		return [
			...(own && canAssume(within, own, role, said) ? [] : [`${role.name}: its own guard can't assume it`]),
			...others.map((other) => `${role.name}: ${other.name} can assume it`),
			...lacking.map((key) => `${role.name}: can be assumed without ${key}`),
			...['lambda.amazonaws.com', 'states.amazonaws.com', 'ec2.amazonaws.com'].flatMap((service) =>
				trusts(role, { service }, { action: 'sts:AssumeRole', resource: role.arn, keys: said })
					? [`${role.name}: ${service} can assume it`]
					: [],
			),
		];
	});
}
const without = (said: NonNullable<Request['keys']>, key: string): NonNullable<Request['keys']> =>
	Object.fromEntries(Object.entries(said).filter(([name]) => name !== key));

test('every tool has an access role, and a lookup or commit role where it needs one', () => {
	const needed = agents.flatMap((agent) =>
		[...agent.tools.values()].flatMap((tool) =>
			(['access', ...(tool.lookup ? ['lookup'] : []), ...(tool.effect === 'transaction' ? ['commit'] : [])] as const).map(
				(kind) => PREFIX + roleName(agent.name, tool.name, kind as 'access'),
			),
		),
	);
	expect(
		sessionRoles(world)
			.map(({ role }) => role.name)
			.toSorted(),
	).toEqual(needed.toSorted());
	expect(needed.length).toBeGreaterThan(10);
});

test('each by its own guard and nothing else, with name, source identity and every tag', () => {
	expect(complaints(world)).toEqual([]);
});

test('no session lives longer than an hour, and none is for another agent', () => {
	for (const { role } of sessionRoles(world)) {
		const properties = one(
			world.deployed.find(({ arn }) => arn === role.arn),
			role.name,
		).properties;
		expect(properties.MaxSessionDuration).toBe(3_600);
		const guard = one(
			functionsIn(world).find(({ name }) => name === owners.get(role.name)?.guard),
			'guard',
		).role;
		expect(canAssume(world, guard, role, keysOf('another-agent', role.name.endsWith('-lookup')))).toBe(false);
	}
});

const role = named('refund-desk_payments_refund-access');
const anyRole = { Action: stsActions, Resource: '*' };

test('a function that may assume any role can assume none of these: they do not trust it', () => {
	expect(complaints(withStatement(roleOf('resume'), { Action: 'sts:*', Resource: '*' }))).toEqual([]);
});

test.for<[string, World, string]>([
	[
		'the account is trusted, and another guard may assume any role',
		{
			...world,
			roles: withStatement(roleOf('refund-desk_mail_send__guard'), anyRole).roles.map((each) =>
				role(each)
					? { ...each, trust: each.trust.map((statement) => ({ ...statement, Principal: { AWS: 'arn:aws:iam::111122223333:root' } })) }
					: each,
			),
		},
		'can assume it',
	],
	[
		'tags are not demanded',
		withRole(role, (each) => ({
			...each,
			trust: each.trust.map(({ Condition: { Null: _tags, ...rest } = {}, ...statement }) => ({ ...statement, Condition: rest })),
		})),
		'can be assumed without aws:RequestTag/head',
	],
	[
		'Lambda itself may assume it',
		withRole(role, (each) => ({
			...each,
			trust: [...each.trust, { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
		})),
		'lambda.amazonaws.com can assume it',
	],
	['its guard is not trusted', withRole(role, (each) => ({ ...each, trust: [] })), "its own guard can't assume it"],
])('control: %s', ([, naive, complaint]) => {
	expect(complaints(naive).join('\n')).toContain(complaint);
});
