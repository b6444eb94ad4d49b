// A2: what was seen is written by whoever takes it in, what is archived by the archive, and nobody replaces or deletes either. The trail sees what it has to.
import { describe, expect, test } from 'vitest';
import { functionsIn, one, PREFIX, roleOf, withRole, withStatement, world } from './deployed-world.ts';
import { allows, couldAllow, type World } from './iam.ts';
import type { Deployed } from './resolved.ts';

const deployedAs = (type: string, at: string): Deployed =>
	one(
		world.deployed.find((each) => each.type === type && each.at.startsWith(at)),
		`${type} ${at}`,
	);
const witnesses = deployedAs('AWS::DynamoDB::Table', 'StoreWitnesses').arn;
const findings = deployedAs('AWS::DynamoDB::Table', 'StoreFindings').arn;
const archive = `${deployedAs('AWS::S3::Bucket', 'StoreArchive').arn}/entries/chain=run-1/000000000.json`;

const who = (within: World, action: string, resource: string): string[] => {
	const named = new Map(functionsIn(within).map(({ name, role }) => [role.name, name.slice(PREFIX.length)]));
	return within.roles
		.flatMap((role) => (couldAllow(within, role, { action, resource }) ? [named.get(role.name) ?? role.name] : []))
		.toSorted();
};

test('who writes', () => {
	expect(who(world, 'dynamodb:PutItem', witnesses)).toEqual(['backfill', 'ingest']);
	const reconciling = ['letter-desk-reconcile', 'refund-desk-reconcile', 'stock-room-reconcile'];
	expect(who(world, 'dynamodb:PutItem', findings)).toEqual(['archive', ...reconciling]);
	expect(who(world, 's3:PutObject', archive)).toEqual(['archive']);
});

/** Who may put an item under this partition key of the witnesses' table. */
const whoPuts = (within: World, key: string): string[] =>
	functionsIn(within)
		.filter(({ role }) =>
			allows(within, role, { action: 'dynamodb:PutItem', resource: witnesses, keys: { 'dynamodb:LeadingKeys': [key] } }),
		)
		.map(({ name }) => name.slice(PREFIX.length))
		.toSorted();
test.each(['event#1', 'about#run-1', 'session#ASIAEXAMPLE', 'subjects'])('who puts a witness: %s', (key) => {
	expect(whoPuts(world, key)).toEqual(['backfill', 'ingest']);
});
test('who says that files were read whole: who reads them, and not who takes the stream in', () => {
	expect(whoPuts(world, 'coverage')).toEqual(['backfill']);
	expect(whoPuts(world, 'anything')).toEqual([]);
	const naive = withStatement(roleOf('ingest'), { Action: 'dynamodb:PutItem', Resource: witnesses });
	expect(whoPuts(naive, 'coverage')).toEqual(['backfill', 'ingest']);
});
test('who reads what was seen and what files cover: who reconciles', () => {
	expect(who(world, 'dynamodb:Query', witnesses)).toEqual(['letter-desk-reconcile', 'refund-desk-reconcile', 'stock-room-reconcile']);
});

const changing: [string, string][] = [
	...[witnesses, findings].flatMap((table) =>
		['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete', 'DeleteTable'].map((name): [string, string] => [
			`dynamodb:${name}`,
			table,
		]),
	),
	...['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'PutObjectRetention'].map((name): [string, string] => [
		`s3:${name}`,
		archive,
	]),
	['cloudtrail:StopLogging', `arn:aws:cloudtrail:eu-central-1:111122223333:trail/${PREFIX}trail`],
];
test.each(changing)('nobody: %s %s', (action, resource) => {
	expect(who(world, action, resource)).toEqual([]);
});

test('control: whoever could is named', () => {
	const naive = withStatement(roleOf('sweep'), { Action: 'dynamodb:PutItem', Resource: witnesses });
	expect(who(naive, 'dynamodb:PutItem', witnesses)).toContain('sweep');
	const unbound = withRole(roleOf('sweep'), (role) => ({
		...role,
		boundary: undefined,
		statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
	}));
	expect(who(unbound, 'cloudtrail:StopLogging', '*')).toContain('sweep');
	expect(who(unbound, 's3:PutObjectRetention', archive)).toContain('sweep');
});

describe('the trail', () => {
	const trail = deployedAs('AWS::CloudTrail::Trail', 'AuditTrail').properties;
	type Selector = { Name: string; FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: string[]; NotEndsWith?: string[] }[] };
	const selectors = trail.AdvancedEventSelectors as Selector[];
	const field = ({ FieldSelectors }: Selector, name: string) => FieldSelectors.find(({ Field }) => Field === name);

	test('is in every region, signs its files, and is on', () => {
		expect(trail).toMatchObject({
			IsMultiRegionTrail: true,
			IncludeGlobalServiceEvents: true,
			EnableLogFileValidation: true,
			IsLogging: true,
		});
	});
	test('sees all management events, reads among them', () => {
		const management = selectors.find((selector) => field(selector, 'eventCategory')?.Equals?.[0] === 'Management');
		expect(management?.FieldSelectors).toEqual([{ Field: 'eventCategory', Equals: ['Management'] }]);
	});
	test('sees the ledger, the payloads and the archive, but for those who take its events in', () => {
		const seen = selectors.flatMap((selector) => field(selector, 'resources.ARN')?.StartsWith ?? []);
		const ledger = deployedAs('AWS::DynamoDB::Table', 'StoreLedger').arn;
		const payloads = deployedAs('AWS::S3::Bucket', 'StorePayloads').arn;
		expect(seen).toEqual(expect.arrayContaining([ledger, `${payloads}/`]));
		for (const selector of selectors.filter((one) => field(one, 'eventCategory')?.Equals?.[0] === 'Data'))
			expect(field(selector, 'userIdentity.arn')?.NotEndsWith).toEqual(
				['ingest', 'backfill', 'archive'].map((name) => `/${PREFIX}${name}`),
			);
	});
	test('sees what tools are granted', () => {
		const granted = selectors.filter(({ Name }) => Name.includes('tools-'));
		expect(granted.map(({ Name }) => Name)).not.toEqual([]);
	});
});

test('events are spread over the stream, and what fails is delivered again piece by piece or pointed to', () => {
	expect(deployedAs('AWS::Logs::SubscriptionFilter', 'AuditTrail').properties).toMatchObject({ Distribution: 'Random', FilterPattern: '' });
	const mappings = world.deployed.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
	const ofStreams = mappings.filter(({ properties }) => !String(properties.EventSourceArn).includes(':sqs:'));
	expect(ofStreams).toHaveLength(2);
	for (const { properties } of ofStreams) {
		expect(properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'], BisectBatchOnFunctionError: true });
		expect(properties.DestinationConfig).toMatchObject({ OnFailure: { Destination: expect.stringContaining(':sqs:') } });
		expect(properties.MaximumRetryAttempts).toBeUndefined();
	}
});

test('the archive is under a lock from the start', () => {
	const bucket = deployedAs('AWS::S3::Bucket', 'StoreArchive').properties;
	expect(bucket).toMatchObject({
		ObjectLockEnabled: true,
		ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
	});
});
