// What stands open for agents that run elsewhere: to read, and to add calls and memory to runs. Of everything else nothing, and of it only what the agent is.
import { expect, test } from 'vitest';
import { functionsIn, keys, ledger, type Part, PREFIX, payloads, roleOf, withStatement, world } from './deployed-world.ts';
import { allows, couldAllow, type World } from './iam.ts';

const rolesOf = (within: World, part: Part) => functionsIn(within).filter((each) => each.part === part);
const reading = ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query', 's3:GetObject', 's3:ListBucket'];
const atRest = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const may: Partial<Record<Part, string[]>> = {
	status: [...reading, ...atRest, ...logging],
	intake: [...reading, ...atRest, ...logging, 'dynamodb:PutItem', 's3:PutObject'],
};

const complaints = (within: World): string[] =>
	(['status', 'intake'] as const).flatMap((part) =>
		rolesOf(within, part).flatMap(({ name, role }) => {
			const allowed = role.statements.flatMap(({ Action }) => Action);
			return allowed.filter((action) => !may[part]?.includes(action)).map((action) => `${name} may ${action}`);
		}),
	);

test('what they may is a list', () => {
	for (const part of ['status', 'intake'] as const) {
		expect(rolesOf(world, part).length).toBeGreaterThan(0);
		for (const { role } of rolesOf(world, part))
			expect(role.statements.flatMap(({ Action }) => Action).toSorted()).toEqual(may[part]?.toSorted());
	}
	expect(complaints(world)).toEqual([]);
});

test('no run key is made, no key of a business is claimed, no payload is replaced by who only reads', () => {
	for (const { role } of [...rolesOf(world, 'status'), ...rolesOf(world, 'intake')]) {
		expect(couldAllow(world, role, { action: 'dynamodb:PutItem', resource: keys.arn })).toBe(false);
		const claim = { action: 'dynamodb:PutItem', resource: ledger.arn, keys: { 'dynamodb:LeadingKeys': ['key#stock.receive#a'] } };
		expect(allows(world, role, claim)).toBe(false);
	}
	for (const { role } of rolesOf(world, 'status'))
		expect(couldAllow(world, role, { action: 's3:PutObject', resource: `${payloads.arn}/run-1/nonce` })).toBe(false);
});

test('status tells of its own agent, and reads no other’s control chain', () => {
	for (const { name, role, function: deployed } of rolesOf(world, 'status')) {
		const agent = name.slice(PREFIX.length).replace(/-status$/, '');
		expect(deployed.properties.Environment).toMatchObject({ Variables: { THROUGHLINE_AGENT: agent } });
		const reads = (chain: string) =>
			allows(world, role, { action: 'dynamodb:Query', resource: ledger.arn, keys: { 'dynamodb:LeadingKeys': [chain] } });
		expect([reads(`control#@agent:${agent}`), reads('control#@all'), reads('control#@agent:somebody-else')]).toEqual([true, true, false]);
	}
});

test('calls are taken in for agents without a planner, and for no others', () => {
	expect(rolesOf(world, 'intake').map(({ name }) => name)).toEqual([`${PREFIX}stock-room-intake`]);
	expect(rolesOf(world, 'status')).toHaveLength(rolesOf(world, 'open').length);
});

test.for<[string, World]>([
	['a reader that may append', withStatement(roleOf('stock-room-status'), { Action: 'dynamodb:PutItem', Resource: ledger.arn })],
	['an intake that may start executions', withStatement(roleOf('stock-room-intake'), { Action: 'states:StartExecution', Resource: '*' })],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).toHaveLength(1);
});
