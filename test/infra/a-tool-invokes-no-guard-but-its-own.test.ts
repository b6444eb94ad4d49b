// Who may invoke what. A guard believes that whoever asks is its tool, so nobody else may ask; machines invoke tools and planners, never guards.
import { expect, test } from 'vitest';
import { functionsIn, one, PREFIX, roleOf, sessionRoles, withStatement, world } from './deployed-world.ts';
import { couldAllow, type World } from './iam.ts';

/** The names of the functions that a role could invoke, one way or the other. */
const invoked = (within: World, role: World['roles'][number]): string[] =>
	functionsIn(within)
		.filter(({ function: { arn } }) =>
			['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl', 'lambda:InvokeAsync'].some((action) =>
				couldAllow(within, role, { action, resource: arn }),
			),
		)
		.map(({ name }) => name.slice(PREFIX.length))
		.toSorted();

const complaints = (within: World): string[] => {
	const functions = functionsIn(within);
	return within.roles.flatMap((role) => {
		const tool = functions.find((each) => each.part === 'tool' && each.role === role);
		const own =
			tool &&
			one(tool.function.properties.Environment as { Variables: Record<string, string> } | undefined, 'environment').Variables
				.THROUGHLINE_GUARD_FUNCTION;
		return invoked(within, role)
			.filter((name) => name.endsWith('__guard') && PREFIX + name !== own)
			.map((name) => `${role.name} could invoke ${name}`);
	});
};

test('no role but a tool’s own function could invoke its guard', () => {
	expect(complaints(world)).toEqual([]);
});

test('each tool could invoke its guard, and nothing else', () => {
	const tools = functionsIn(world).filter(({ part }) => part === 'tool');
	expect(tools).toHaveLength(9);
	for (const {
		name,
		role,
		function: { properties },
	} of tools) {
		const guard = (properties.Environment as { Variables: Record<string, string> }).Variables.THROUGHLINE_GUARD_FUNCTION ?? '';
		expect(invoked(world, role)).toEqual([guard.slice(PREFIX.length)]);
		expect(functionsIn(world).filter((each) => each.name === guard)).toHaveLength(1);
		if (name.length < 50) expect(guard).toBe(`${name}__guard`);
	}
});

const machine = (name: string) =>
	one(
		world.roles.find((role) => role.name.includes(`Machines${name}role`)),
		`role of ${name}`,
	);

test('a machine could invoke what it names, and no more', () => {
	const [tools, plans] = (['tool', 'plan'] as const).map((part) =>
		functionsIn(world)
			.flatMap((each) => (each.part === part ? [each.name.slice(PREFIX.length)] : []))
			.toSorted(),
	);
	expect(invoked(world, machine('agentrun'))).toEqual(plans);
	expect(invoked(world, machine('step'))).toEqual(tools);
	expect(invoked(world, machine('recover'))).toEqual(['resume']);
});

test('the machine that an agent elsewhere starts with its calls has those of no other taken in, and none of another done', () => {
	expect(invoked(world, machine('stepstockroom'))).toEqual(['stock-room-intake', 'stock-room_stock_receive']);
	const takersIn = world.roles.filter((role) => invoked(world, role).some((name) => name.endsWith('-intake')));
	expect(takersIn).toEqual([machine('stepstockroom')]);
});

test('nobody else could invoke anything', () => {
	const callers = world.roles.filter((role) => invoked(world, role).length > 0);
	expect(callers).toHaveLength(9 + 4);
	for (const { role } of sessionRoles(world)) expect(invoked(world, role)).toEqual([]);
});

test('by resource policies: schedules invoke what they are for, and no one is let in from outside', () => {
	const permissions = world.deployed.filter(({ type }) => type === 'AWS::Lambda::Permission');
	const scheduled = functionsIn(world).filter(({ part }) => ['sweep', 'archive', 'backfill', 'reconcile'].includes(part));
	expect(permissions.map(({ properties }) => [properties.Principal, properties.FunctionName]).toSorted()).toEqual(
		scheduled.map((each) => ['events.amazonaws.com', each.function.arn]).toSorted(),
	);
	for (const { properties } of permissions) expect(properties.SourceArn).toBeDefined();
});

test('functions for people, and for agents that run elsewhere, are behind URLs that only signed requests reach', () => {
	const urls = world.deployed.filter(({ type }) => type === 'AWS::Lambda::Url');
	expect(urls.map(({ properties }) => properties.AuthType)).toEqual(urls.map(() => 'AWS_IAM'));
	const behind = urls.map(({ properties }) => String(properties.TargetFunctionArn).split(':').at(-1)?.slice(PREFIX.length));
	expect(behind.toSorted()).toEqual([
		...['close', 'decide', 'freeze'],
		...['letter-desk-open', 'letter-desk-status', 'refund-desk-open', 'refund-desk-status'],
		...['stock-room-intake', 'stock-room-open', 'stock-room-status'],
	]);
});

test.for<[string, World]>([
	[
		'a tool that may invoke every function of the deployment',
		withStatement(roleOf('refund-desk_mail_send'), { Action: 'lambda:InvokeFunction', Resource: `arn:aws:lambda:*:*:function:${PREFIX}*` }),
	],
	[
		'the machine that runs tools, by their names’ pattern',
		withStatement((role) => role.name.includes('Machinessteprole'), {
			Action: 'lambda:InvokeFunction',
			Resource: `arn:aws:lambda:eu-central-1:111122223333:function:${PREFIX}refund-desk_*`,
		}),
	],
	[
		'another tool’s guard, by name',
		withStatement(roleOf('refund-desk_mail_send'), {
			Action: 'lambda:Invoke*',
			Resource: `arn:aws:lambda:eu-central-1:111122223333:function:${PREFIX}refund-desk_payments_refund__guard`,
		}),
	],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).not.toEqual([]);
});
