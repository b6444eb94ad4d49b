// A1: of a closed run the archive alone tells, and hears alone the function that reconciles that agent's runs; how far rounds have come is each one's own word.
import { describe, expect, test } from 'vitest';
import { functionsIn, one, PREFIX, roleOf, withDeployed, withStatement, world } from './deployed-world.ts';
import { allows, couldAllow, type Role, type World } from './iam.ts';
import type { Deployed } from './resolved.ts';

const agents = ['letter-desk', 'refund-desk', 'stock-room'];
const queueOf = (within: World, name: string): Deployed =>
	one(
		within.deployed.find((each) => each.type === 'AWS::SQS::Queue' && each.name === PREFIX + name),
		name,
	);
const mappingOf = (within: World, agent: string): Deployed | undefined =>
	within.deployed.find(
		({ type, properties }) =>
			type === 'AWS::Lambda::EventSourceMapping' && properties.EventSourceArn === queueOf(within, `${agent}-closed`).arn,
	);
const who = (within: World, action: string, resource: string): string[] => {
	const named = new Map(functionsIn(within).map(({ name, role }) => [role.name, name.slice(PREFIX.length)]));
	return within.roles
		.flatMap((role) => (couldAllow(within, role, { action, resource }) ? [named.get(role.name) ?? role.name] : []))
		.toSorted();
};

describe.each(agents)('%s', (agent) => {
	const queue = queueOf(world, `${agent}-closed`);
	const reconcile = `${agent}-reconcile`;
	test('the archive sends, its reconciling receives, and nobody else does either', () => {
		expect(who(world, 'sqs:SendMessage', queue.arn)).toEqual(['archive']);
		for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
			expect(who(world, action, queue.arn)).toEqual([reconcile]);
		for (const action of ['sqs:PurgeQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes']) expect(who(world, action, queue.arn)).toEqual([]);
	});
	test('messages wait as long as SQS lets them, are put back for longer than the function runs, and end in a queue', () => {
		expect(queue.properties).toMatchObject({ DelaySeconds: 900, SqsManagedSseEnabled: true });
		const { function: deployed } = one(
			functionsIn(world).find(({ name }) => name === PREFIX + reconcile),
			reconcile,
		);
		expect(Number(queue.properties.VisibilityTimeout)).toBeGreaterThanOrEqual(Number(deployed.properties.Timeout));
		expect(queue.properties.RedrivePolicy).toEqual({
			deadLetterTargetArn: queueOf(world, 'unreconciled').arn,
			// Early once, since the delay is longer than SQS lets a message wait.
			maxReceiveCount: 1 + 4,
		});
	});
	test('they are delivered to it item by item', () => {
		expect(mappingOf(world, agent)?.properties).toMatchObject({
			FunctionName: expect.stringContaining(reconcile),
			FunctionResponseTypes: ['ReportBatchItemFailures'],
			ScalingConfig: { MaximumConcurrency: 2 },
		});
	});
});

test('the archive is told the queue of each agent', () => {
	const { function: archive } = one(
		functionsIn(world).find(({ part }) => part === 'archive'),
		'archive',
	);
	const { THROUGHLINE_CLOSED_QUEUES: queues = '' } = (archive.properties.Environment as { Variables: Record<string, string> }).Variables;
	expect(JSON.parse(queues)).toEqual(Object.fromEntries(agents.map((agent) => [agent, `${PREFIX}${agent}-closed`])));
});

test('every queue is encrypted, and refuses what does not come over TLS', () => {
	const queues = world.deployed.filter(({ type }) => type === 'AWS::SQS::Queue');
	expect(queues).toHaveLength(3 + 1 + agents.length);
	const policies = world.deployed.filter(({ type }) => type === 'AWS::SQS::QueuePolicy');
	for (const { name, properties } of queues) {
		expect(properties.SqsManagedSseEnabled, name).toBe(true);
		expect(
			policies.some(
				({ properties: policy }) => (policy.Queues as string[]).includes(name) && JSON.stringify(policy).includes('SecureTransport'),
			),
			name,
		).toBe(true);
	}
});

const findings = one(
	world.deployed.find(({ type, at }) => type === 'AWS::DynamoDB::Table' && at.startsWith('StoreFindings')),
	'findings',
).arn;
/** Kinds of items in the findings' table, by the partition key of one. */
const items = {
	finding: 'findings#run-1',
	moved: 'moved#2026-11-23T16',
	archives: 'bookmark#archive',
	letters: 'bookmark#letter-desk-reconcile',
	refunds: 'bookmark#refund-desk-reconcile',
};
const may = (within: World, role: Role, action: string): string[] =>
	Object.entries(items).flatMap(([kind, key]) =>
		allows(within, role, { action: `dynamodb:${action}`, resource: findings, keys: { 'dynamodb:LeadingKeys': [key] } }) ? [kind] : [],
	);
const roleNamed = (within: World, name: string): Role =>
	one(
		within.roles.find(({ name: each }) => each === one(world.roles.find(roleOf(name)), name).name),
		name,
	);

test.each([
	['archive', ['finding', 'moved', 'archives'], ['moved', 'archives']],
	['letter-desk-reconcile', ['finding', 'moved', 'letters'], ['moved', 'letters']],
	['refund-desk-reconcile', ['finding', 'moved', 'refunds'], ['moved', 'refunds']],
	['ingest', [], []],
	['sweep', [], []],
])('beside the findings, %s writes %j and reads %j', (name, writes, reads) => {
	const role = roleNamed(world, name);
	expect(may(world, role, 'PutItem')).toEqual(writes);
	expect(may(world, role, 'Query')).toEqual(reads);
});

test('control: a sender, a bookmark of somebody else and a queue without an end are seen', () => {
	const queue = queueOf(world, 'refund-desk-closed');
	expect(who(withStatement(roleOf('sweep'), { Action: 'sqs:SendMessage', Resource: queue.arn }), 'sqs:SendMessage', queue.arn)).toEqual([
		'archive',
		'sweep',
	]);
	const naive = withStatement(roleOf('archive'), { Action: 'dynamodb:PutItem', Resource: findings });
	expect(may(naive, roleNamed(naive, 'archive'), 'PutItem')).toEqual(Object.keys(items));
	const endless = withDeployed(({ name }) => name === queue.name, { RedrivePolicy: undefined });
	expect(queueOf(endless, 'refund-desk-closed').properties.RedrivePolicy).toBeUndefined();
});
