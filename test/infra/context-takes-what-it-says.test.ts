// A deployment is told four things; a wrong value is an error that names the key, the value, and what it takes.
import { describe, expect, test } from 'vitest';
import { DEPLOYED_NAME_CHARACTERS } from '../../core/ids.ts';
import { isKept, namePrefix, readContext } from '../../infra/context.ts';

const read = (given: Record<string, unknown>) => readContext({ tryGetContext: (key: string): unknown => given[key] });

test('nothing said: dev, a year, no lock on payloads, no mail, a trail of our own', () => {
	expect(read({})).toEqual({
		stage: 'dev',
		retentionDays: 365,
		objectLock: 'off',
		reconcileDelaySeconds: 1_200,
		alarmEmail: undefined,
		trail: { is: 'own' },
	});
});

test('on the command line all are texts', () => {
	const given = {
		stage: 'prod',
		retentionDays: '90',
		objectLock: 'compliance',
		reconcileDelaySeconds: '60',
		alarmEmail: 'ops@example.org',
	};
	expect(read(given)).toEqual({ ...given, retentionDays: 90, reconcileDelaySeconds: 60, trail: { is: 'own' } });
});

describe.each([
	['stage', ['Prod', 'a-b', '', 'x'.repeat(12), '1st', 7]],
	['retentionDays', ['0', '31', 'a year', -1, 365.5]],
	['objectLock', ['on', 'COMPLIANCE', true]],
	['reconcileDelaySeconds', ['-1', '86401', '1.5', 'soon', true]],
	['alarmEmail', ['ops', 'ops@', 7]],
	['trail', ['none', true]],
	['trailArn', ['arn:aws:s3:::b', 'organisation']],
	['trailBucket', ['Not_A_Bucket']],
] as const)('%s', (key, wrong) => {
	test.each([...wrong])('does not take %j', (value) => {
		expect(() => read({ [key]: value })).toThrow(`context ${key} is ${JSON.stringify(value)}; it takes `);
	});
});

test('a trail that exists is named in full', () => {
	const named = { trailArn: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/org', trailLogGroup: 'org-logs', trailBucket: 'org-trail' };
	expect(read({ trail: 'existing', ...named }).trail).toEqual({
		is: 'existing',
		arn: named.trailArn,
		logGroup: 'org-logs',
		bucket: 'org-trail',
	});
	expect(() => read({ trail: 'existing', ...named, trailBucket: undefined })).toThrow('it takes trailBucket as well');
	expect(read({ trail: 'off' }).trail).toEqual({ is: 'off' });
});

test('the longest stage leaves room for the longest name', () => {
	const stage = 'x'.repeat(11);
	expect(read({ stage }).stage).toBe(stage);
	expect(namePrefix(stage).length + DEPLOYED_NAME_CHARACTERS).toBeLessThanOrEqual(64);
	expect([isKept('prod'), isKept('dev')]).toEqual([true, false]);
});
