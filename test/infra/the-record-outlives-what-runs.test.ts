// What holds the record is apart from what runs, encrypted under its own key, restorable, and in prod not deleted with its stack.
import { expect, inject, test } from 'vitest';
import type { Template } from './synthesized.ts';

const dev = inject('templates').ledger;
const prod = inject('prod').ledger;
const of = (template: Template, type: string, at = '') => {
	const found = Object.entries(template.Resources).filter(([id, resource]) => resource.Type === type && id.startsWith(at));
	expect(found.length).toBeGreaterThan(0);
	return found.map(([, resource]) => resource);
};
const TABLE = 'AWS::DynamoDB::Table';

test('nothing that runs is in the stack of the record, and no record in the stack of what runs', () => {
	const types = (template: Template) => new Set(Object.values(template.Resources).map(({ Type }) => Type));
	expect([...types(dev)].toSorted()).toEqual([TABLE, 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].toSorted());
	for (const kept of [TABLE, 'AWS::KMS::Key', 'AWS::S3::Bucket']) expect(types(inject('templates').runtime)).not.toContain(kept);
});

test('the ledger: on demand, point-in-time recovery, its own key, a stream of both images', () => {
	const [ledger] = of(dev, TABLE, 'StoreLedger');
	expect(ledger?.Properties).toMatchObject({
		BillingMode: 'PAY_PER_REQUEST',
		PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
		SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
		StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
		KeySchema: [
			{ AttributeName: 'pk', KeyType: 'HASH' },
			{ AttributeName: 'sk', KeyType: 'RANGE' },
		],
	});
	expect(ledger?.Properties?.TimeToLiveSpecification).toBeUndefined();
});

test('run keys have no backups: a key that a backup holds is not erased', () => {
	for (const template of [dev, prod])
		expect(of(template, TABLE, 'StoreKeys')[0]?.Properties?.PointInTimeRecoverySpecification).toBeUndefined();
});

test('in prod every table and key is kept, and can’t be deleted by mistake', () => {
	for (const table of of(prod, TABLE)) {
		expect(table.DeletionPolicy).toBe('Retain');
		expect(table.Properties?.DeletionProtectionEnabled).toBe(true);
	}
	expect(of(prod, 'AWS::KMS::Key')[0]?.DeletionPolicy).toBe('Retain');
	expect(of(dev, TABLE)[0]?.DeletionPolicy).toBe('Delete');
});

test('payloads: nothing public, TLS only, encrypted, versioned, ended by retention, inserted on a condition', () => {
	for (const template of [dev, prod]) {
		const [bucket] = of(template, 'AWS::S3::Bucket');
		expect(bucket?.DeletionPolicy).toBe('Retain');
		expect(bucket?.Properties).toMatchObject({
			PublicAccessBlockConfiguration: {
				BlockPublicAcls: true,
				BlockPublicPolicy: true,
				IgnorePublicAcls: true,
				RestrictPublicBuckets: true,
			},
			VersioningConfiguration: { Status: 'Enabled' },
			BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
		});
		const [policy] = of(template, 'AWS::S3::BucketPolicy');
		const statements = (policy?.Properties?.PolicyDocument as { Statement: Record<string, unknown>[] } | undefined)?.Statement ?? [];
		expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny']);
		expect(statements[0]).toMatchObject({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
		expect(statements[1]).toMatchObject({ Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' } } });
	}
});

test('Object Lock is opted into', () => {
	expect(of(dev, 'AWS::S3::Bucket')[0]?.Properties?.ObjectLockEnabled).toBeUndefined();
	expect(of(prod, 'AWS::S3::Bucket')[0]?.Properties).toMatchObject({
		ObjectLockEnabled: true,
		ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
	});
});

test('control: what dev does is not what prod is held to', () => {
	expect(of(dev, TABLE)[0]?.Properties?.DeletionProtectionEnabled).not.toBe(true);
});
