/** What our functions do to ledger, payloads and trail is no witness; what replaces, removes or switches off is. Made by hand. */
import { expect, test } from 'vitest';
import { readEvent } from '../../../core/audit/event.ts';
import type { Known } from '../../../core/audit/known.ts';
import { trailGaps } from '../../../core/audit/trail.ts';
import type { Witness } from '../../../core/audit/witness.ts';
import { type Called, known, LEDGER, otherEvent, PAYLOADS, TRAIL } from '../../doubles/cloudtrail.ts';

const AT = 1_700_000_000_000;
const table = 'throughline-test-ledger';
const key = { pk: 'run#run-1', sk: '000000003' };
const insert = { conditionExpression: 'attribute_not_exists(sk)' };
const put = { operation: 'Put', tableName: table, key, ...insert };

type Saying = Partial<Called> & { readonly of?: Known };
function said(source: string, name: string, parameters: object, { of = known, ...more }: Saying = {}): string {
	const read = readEvent(
		otherEvent({ source: `${source}.amazonaws.com`, name, at: AT, parameters: parameters as never, ...more }),
		of,
		'stream',
	);
	if (read.is === 'poison') return read.why;
	if (read.is === 'not-ours') return read.class;
	const { witness } = read;
	if (witness.kind === 'record') return `record of ${witness.about} at ${witness.place}`;
	return witness.kind === 'trail' ? `trail ${witness.coverage}` : witness.kind;
}

const dynamo: readonly (readonly [string, object, string, Partial<Called>?])[] = [
	['PutItem', { tableName: table, key, ...insert }, 'own-record'],
	['PutItem', { tableName: LEDGER, key, conditionExpression: 'attribute_not_exists(#sk)' }, 'own-record'],
	['PutItem', { tableName: table, key }, 'record of run-1 at 3'],
	['PutItem', { tableName: table, key, conditionExpression: 'attribute_exists(sk)' }, 'record of run-1 at 3'],
	['PutItem', { tableName: table, key, conditionExpression: 'attribute_not_exists(sk) OR pk = :pk' }, 'record of run-1 at 3'],
	['PutItem', { tableName: table, key }, 'own-record', { error: 'AccessDenied' }],
	['PutItem', { tableName: 'orders', key }, 'other-role'],
	['UpdateItem', { tableName: table, key, ...insert }, 'record of run-1 at 3'],
	['DeleteItem', { tableName: table, key: { pk: 'control#@all', sk: '000000001' } }, 'record of @all at 1'],
	['DeleteItem', { tableName: table, key: { pk: 'key#a.b#c', sk: '000000001' } }, 'record of @record at null'],
	['DeleteItem', { tableName: table, key: { pk: 'run#../x', sk: '1' } }, 'record of @record at null'],
	['BatchWriteItem', { requestItems: { [table]: [] } }, 'record of @record at null', { resources: [LEDGER] }],
	['TransactWriteItems', { requestItems: [put, { ...put, tableName: 'orders', operation: 'Update' }] }, 'own-record'],
	['TransactWriteItems', { requestItems: [put, { operation: 'Delete', TableName: table, Key: key }] }, 'record of run-1 at 3'],
	['TransactWriteItems', { requestItems: [{ operation: 'ConditionCheck', tableName: table, key }] }, 'own-record'],
	['TransactWriteItems', { requestItems: 'hidden' }, 'record of @record at null', { resources: [LEDGER] }],
	['ExecuteStatement', { statement: `DELETE FROM "${table}"` }, 'record of @record at null', { resources: [LEDGER] }],
	['ExecuteStatement', { statement: ' select * from x' }, 'own-record', { resources: [LEDGER] }],
	['UpdateTimeToLive', { tableName: table }, 'record of @record at null'],
	['DeleteTable', { tableName: table }, 'record of @record at null'],
	['Query', { tableName: table }, 'own-record'],
	['UpdateContinuousBackups', { tableName: table }, 'own-record'],
];
test.for(dynamo)('%s %j: %s', ([name, parameters, expected, more]) => {
	expect(said('dynamodb', name, parameters, more)).toBe(expected);
});

const payload = { bucketName: PAYLOADS, key: 'run-1/AAAAAAAAAAAAAAAA' };
test.for([
	['PutObject', payload, 'own-record'],
	['GetObject', payload, 'own-record'],
	['DeleteObject', payload, 'record of run-1 at null'],
	['CopyObject', payload, 'record of run-1 at null'],
	['DeleteObjects', { bucketName: PAYLOADS }, 'record of @record at null'],
	['DeleteObject', { ...payload, bucketName: 'other' }, 'other-role'],
] as const)('%s of a payload %j: %s', ([name, parameters, expected]) => {
	expect(said('s3', name, parameters)).toBe(expected);
});

const whole = { readWriteType: 'All', includeManagementEvents: true, dataResources: [], excludeManagementEventSources: [] };
test.for([
	['StopLogging', { name: TRAIL }, 'trail off'],
	['StopLogging', { name: 'throughline-test' }, 'trail off'],
	['StopLogging', { name: 'another' }, 'other-trail'],
	['DeleteTrail', { name: TRAIL }, 'trail off'],
	['StartLogging', { name: TRAIL }, 'trail on'],
	['UpdateTrail', { name: TRAIL, isMultiRegionTrail: false }, 'trail less'],
	['UpdateTrail', { name: TRAIL, s3BucketName: 'elsewhere' }, 'trail less'],
	['UpdateTrail', { name: TRAIL, isMultiRegionTrail: true, includeGlobalServiceEvents: true }, 'trail on'],
	['PutEventSelectors', { trailName: TRAIL, eventSelectors: [whole] }, 'trail on'],
	['PutEventSelectors', { trailName: TRAIL, eventSelectors: [{ ...whole, readWriteType: 'WriteOnly' }] }, 'trail less'],
	[
		'PutEventSelectors',
		{ trailName: TRAIL, eventSelectors: [{ ...whole, excludeManagementEventSources: ['kms.amazonaws.com'] }] },
		'trail less',
	],
	['PutEventSelectors', { trailName: TRAIL, advancedEventSelectors: [] }, 'trail less'],
] as const)('%s %j: %s', ([name, parameters, expected]) => {
	expect(said('cloudtrail', name, parameters)).toBe(expected);
});
const BUCKET = 'arn:aws:s3:::throughline-test-payloads/';
const FILES = 'arn:aws:s3:::throughline-test-trail';
const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:throughline-test-trail:*';
const STREAM = 'arn:aws:kinesis:eu-west-1:111122223333:stream/throughline-test-trail';
const watching: Known = { ...known, carriers: [TRAIL, FILES, GROUP, STREAM], watched: [LEDGER, BUCKET] };
const management = { name: 'm', fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }] };
const leftOut = {
	field: 'userIdentity.arn',
	notEndsWith: ['/throughline-test-ingest', '/throughline-test-backfill', '/throughline-test-archive'],
};
const data = (type: string, startsWith: string[], ...more: object[]) => ({
	name: null,
	fieldSelectors: [
		{ field: 'eventCategory', equals: ['Data'] },
		{ field: 'resources.type', equals: [type] },
		{ field: 'resources.ARN', startsWith },
		...more,
	],
});
const tables = data('AWS::DynamoDB::Table', [LEDGER], leftOut);
const objects = data('AWS::S3::Object', [BUCKET, 'arn:aws:s3:::another/'], leftOut);
test.for<[string, object[], string]>([
	['as deployed', [management, tables, objects], 'trail on'],
	['in another order, with more beside', [objects, data('AWS::SQS::Queue', ['arn:aws:sqs:']), tables, management], 'trail on'],
	['all tables', [management, data('AWS::DynamoDB::Table', ['arn:aws:dynamodb:']), objects], 'trail on'],
	['no management', [tables, objects], 'trail less'],
	[
		'management that is written alone',
		[{ fieldSelectors: [...management.fieldSelectors, { field: 'readOnly', equals: ['false'] }] }, tables, objects],
		'trail less',
	],
	['no objects', [management, tables], 'trail less'],
	['objects of another bucket', [management, tables, data('AWS::S3::Object', ['arn:aws:s3:::another/'], leftOut)], 'trail less'],
	['a bucket among the tables', [management, tables, data('AWS::DynamoDB::Table', [BUCKET], leftOut)], 'trail less'],
	[
		'reads of tables alone',
		[management, data('AWS::DynamoDB::Table', [LEDGER], { field: 'readOnly', equals: ['true'] }), objects],
		'trail less',
	],
	[
		'a guard left out as well',
		[management, data('AWS::DynamoDB::Table', [LEDGER], { field: 'userIdentity.arn', notEndsWith: ['/throughline-test-guard'] }), objects],
		'trail less',
	],
	['names alone', [management, data('AWS::DynamoDB::Table', [LEDGER], { field: 'eventName', equals: ['PutItem'] }), objects], 'trail less'],
	['hidden', [{ fieldSelectors: 'hidden' }], 'trail less'],
])('selectors, %s: %s', ([, advancedEventSelectors, expected]) => {
	expect(said('cloudtrail', 'PutEventSelectors', { trailName: TRAIL, advancedEventSelectors }, { of: watching })).toBe(expected);
	// Who was not told what is watched can't tell.
	expect(said('cloudtrail', 'PutEventSelectors', { trailName: TRAIL, advancedEventSelectors })).toBe('trail less');
});

const settings = { name: TRAIL, isMultiRegionTrail: true, includeGlobalServiceEvents: true, enableLogFileValidation: true };
const ours = { s3BucketName: 'throughline-test-trail', cloudWatchLogsLogGroupArn: GROUP };
test.for<[string, object, string]>([
	['as deployed', { ...settings, ...ours }, 'trail on'],
	['to another bucket', { ...settings, ...ours, s3BucketName: 'elsewhere' }, 'trail less'],
	['to another log group', { ...settings, ...ours, cloudWatchLogsLogGroupArn: GROUP.replace('test', 'else') }, 'trail less'],
	['to no log group', { ...settings, ...ours, cloudWatchLogsLogGroupArn: '' }, 'trail less'],
	['without digests', { ...settings, ...ours, enableLogFileValidation: false }, 'trail less'],
	['of one region', { ...settings, ...ours, isMultiRegionTrail: false }, 'trail less'],
])('UpdateTrail, %s: %s', ([, parameters, expected]) => {
	expect(said('cloudtrail', 'UpdateTrail', parameters, { of: watching })).toBe(expected);
});

const subscription = {
	logGroupName: 'throughline-test-trail',
	filterName: 'f',
	filterPattern: '',
	destinationArn: STREAM,
	distribution: 'Random',
};
test.for<[object, string]>([
	[subscription, 'trail on'],
	[{ ...subscription, filterPattern: '{ $.eventName = "Nothing" }' }, 'trail less'],
	[{ ...subscription, destinationArn: `${STREAM}-elsewhere` }, 'trail less'],
	[{ ...subscription, logGroupName: 'another' }, 'other-trail'],
])('PutSubscriptionFilter %j: %s', ([parameters, expected]) => {
	expect(said('logs', 'PutSubscriptionFilter', parameters, { of: watching })).toBe(expected);
});

test('a redeployment that changes what is selected, and the subscription, leaves no gap; each is undone by its own kind alone', () => {
	const at = (name: string, after: number, parameters: object): Witness => {
		const source = name === 'PutSubscriptionFilter' ? 'logs.amazonaws.com' : 'cloudtrail.amazonaws.com';
		const read = readEvent(otherEvent({ source, name, at: AT + after, parameters: parameters as never }), watching, 'stream');
		if (read.is !== 'witness') throw new Error(`no witness: ${name}`);
		return read.witness;
	};
	const selected = (after: number, ...advancedEventSelectors: object[]) =>
		at('PutEventSelectors', after, { trailName: TRAIL, advancedEventSelectors });
	const subscribed = (after: number, filterPattern: string) => at('PutSubscriptionFilter', after, { ...subscription, filterPattern });
	expect(trailGaps([selected(1_000, management, tables, objects), subscribed(2_000, '')])).toEqual([]);
	const gaps = trailGaps([
		selected(1_000, management),
		subscribed(2_000, 'less'),
		at('StartLogging', 3_000, { name: TRAIL }),
		at('UpdateTrail', 4_000, { name: TRAIL, isMultiRegionTrail: true }),
		subscribed(5_000, ''),
		selected(6_000, management, tables, objects),
	]);
	expect(gaps.map(({ from, to }) => [from - AT, to - AT])).toEqual([
		[1_000, 6_000],
		[2_000, 5_000],
	]);
});

test('a refused change of the trail, or one in another region under a bare name, changes nothing of ours', () => {
	expect(said('cloudtrail', 'StopLogging', { name: TRAIL }, { error: 'AccessDenied' })).toBe('other-trail');
	expect(said('cloudtrail', 'StopLogging', { name: 'throughline-test' }, { region: 'us-east-1' })).toBe('other-trail');
});

test('a gap lasts until what undoes it, and a trail that logs again is not set as it was', () => {
	const trail = (name: string, at: number, coverage: 'on' | 'off' | 'less'): Witness => {
		const parameters = {
			name: TRAIL,
			...(coverage === 'on' && { isMultiRegionTrail: true }),
			...(coverage === 'less' && { isMultiRegionTrail: false }),
		};
		const read = readEvent(otherEvent({ source: 'cloudtrail.amazonaws.com', name, at: AT + at, parameters }), known, 'stream');
		if (read.is !== 'witness') throw new Error('no witness');
		return read.witness;
	};
	const gaps = trailGaps([
		trail('StartLogging', 3_000, 'on'),
		trail('UpdateTrail', 2_000, 'less'),
		trail('StopLogging', 1_000, 'off'),
		trail('UpdateTrail', 5_000, 'on'),
		trail('StopLogging', 9_000, 'off'),
	]);
	expect(gaps.map(({ from, to }) => [from - AT, to - AT])).toEqual([
		[1_000, 3_000],
		[2_000, 5_000],
		[9_000, Number.POSITIVE_INFINITY],
	]);
});
