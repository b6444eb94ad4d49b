/** What our functions do to ledger, payloads and trail is no witness; what replaces, removes or switches off is. Made by hand. */
import { expect, test } from 'vitest';
import { readEvent } from '../../../core/audit/event.ts';
import { trailGaps } from '../../../core/audit/trail.ts';
import type { Witness } from '../../../core/audit/witness.ts';
import { type Called, known, LEDGER, otherEvent, PAYLOADS, TRAIL } from '../../doubles/cloudtrail.ts';

const AT = 1_700_000_000_000;
const table = 'throughline-test-ledger';
const key = { pk: 'run#run-1', sk: '000000003' };
const insert = { conditionExpression: 'attribute_not_exists(sk)' };
const put = { operation: 'Put', tableName: table, key, ...insert };

function said(source: string, name: string, parameters: object, more: Partial<Called> = {}): string {
	const read = readEvent(
		otherEvent({ source: `${source}.amazonaws.com`, name, at: AT, parameters: parameters as never, ...more }),
		known,
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
