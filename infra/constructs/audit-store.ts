/** What holds the audit's own record: the archive under Object Lock, and witnesses and findings, each a table of its own. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type DeploymentContext, isKept } from '../context.ts';
import { acknowledge } from './acknowledged.ts';
import { insertOnly } from './insert-only.ts';

type Props = Pick<DeploymentContext, 'stage' | 'retentionDays' | 'objectLock'> & { readonly key: Key };

/** Always under a lock: what it is for is that nobody changes it. Compliance, which nobody can undo, is asked for. */
export function archiveBucket(scope: Construct, { key, retentionDays, objectLock }: Props): Bucket {
	const locked = Duration.days(retentionDays);
	const bucket = new Bucket(scope, 'Archive', {
		encryption: BucketEncryption.KMS,
		encryptionKey: key,
		bucketKeyEnabled: true,
		blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
		enforceSSL: true,
		versioned: true,
		objectLockEnabled: true,
		objectLockDefaultRetention:
			objectLock === 'compliance' ? ObjectLockRetention.compliance(locked) : ObjectLockRetention.governance(locked),
		lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
		removalPolicy: RemovalPolicy.RETAIN,
	});
	const nobody = (sid: string, actions: string[], conditions?: Record<string, Record<string, string>>) =>
		bucket.addToResourcePolicy(
			new PolicyStatement({
				sid,
				effect: Effect.DENY,
				principals: [new AnyPrincipal()],
				actions,
				resources: [bucket.arnForObjects('*')],
				...(conditions && { conditions }),
			}),
		);
	nobody('ArchiveIsInsertOnly', ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } });
	nobody('NobodyDeletesFromTheArchive', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']);
	acknowledge(bucket, { S1: 'Who reads or writes it is told by data events of CloudTrail, not by access logs.' });
	return bucket;
}

/** Insert-only, as the ledger is. */
export function auditTable(scope: Construct, id: string, { stage, key }: Pick<Props, 'stage' | 'key'>): Table {
	return new Table(scope, id, {
		partitionKey: { name: 'pk', type: AttributeType.STRING },
		sortKey: { name: 'sk', type: AttributeType.STRING },
		billingMode: BillingMode.PAY_PER_REQUEST,
		encryption: TableEncryption.CUSTOMER_MANAGED,
		encryptionKey: key,
		pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
		deletionProtection: isKept(stage),
		removalPolicy: isKept(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
		resourcePolicy: insertOnly('NobodyChangesARecord'),
	});
}
