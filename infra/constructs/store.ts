/**
 * What holds the record: the ledger's table, the runs' keys, the payloads, and the key that encrypts them at rest.
 * Nobody may update or delete an entry, whatever their role says (L1): the table's own policy denies it.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { openedIndex } from '../../adapters/dynamodb/items.ts';
import { keyAttribute } from '../../adapters/dynamodb/writes.ts';
import { type DeploymentContext, isKept } from '../context.ts';
import { acknowledge } from './acknowledged.ts';
import { archiveBucket, auditTable } from './audit-store.ts';
import { insertOnly } from './insert-only.ts';

const LOCKED_DAYS = 30;
const KEY_PENDING_DAYS = 30;

export type StoreProps = Pick<DeploymentContext, 'stage' | 'retentionDays' | 'objectLock'>;

export class ThroughlineStore extends Construct {
	/** Encrypts everything in here at rest. The content of runs is sealed under keys of their own besides. */
	readonly key: Key;
	readonly ledger: Table;
	/** Keys of runs. Without backups: a key that a backup still holds is not erased. */
	readonly keys: Table;
	readonly payloads: Bucket;
	/** The ledger again, where nobody can change it. */
	readonly archive: Bucket;
	readonly witnesses: Table;
	readonly findings: Table;

	constructor(scope: Construct, id: string, props: StoreProps) {
		super(scope, id);
		const removalPolicy = isKept(props.stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
		this.key = new Key(this, 'Key', {
			description: `Throughline ${props.stage}: ledger, keys and payloads at rest`,
			enableKeyRotation: true,
			pendingWindow: Duration.days(KEY_PENDING_DAYS),
			removalPolicy,
		});
		const common = {
			billingMode: BillingMode.PAY_PER_REQUEST,
			encryption: TableEncryption.CUSTOMER_MANAGED,
			encryptionKey: this.key,
			deletionProtection: isKept(props.stage),
			removalPolicy,
		};
		this.ledger = new Table(this, 'Ledger', {
			...common,
			partitionKey: { name: 'pk', type: AttributeType.STRING },
			sortKey: { name: 'sk', type: AttributeType.STRING },
			pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
			stream: StreamViewType.NEW_AND_OLD_IMAGES,
			resourcePolicy: insertOnly('NobodyChangesAnEntry'),
		});
		this.ledger.addGlobalSecondaryIndex({
			indexName: openedIndex,
			partitionKey: { name: openedIndex, type: AttributeType.STRING },
			sortKey: { name: 'pk', type: AttributeType.STRING },
			projectionType: ProjectionType.KEYS_ONLY,
		});
		this.keys = new Table(this, 'Keys', { ...common, partitionKey: { name: 'run', type: AttributeType.STRING } });
		acknowledge(this.keys, { DDB3: "A key that a backup still holds is not erased: destroying a run's key is how its content is erased." });
		this.payloads = payloadBucket(this, { ...props, key: this.key });
		const audited = { ...props, key: this.key };
		this.archive = archiveBucket(this, audited);
		this.witnesses = auditTable(this, 'Witnesses', audited);
		this.findings = auditTable(this, 'Findings', audited);
	}
}

function payloadBucket(scope: Construct, { key, retentionDays, objectLock }: StoreProps & { key: Key }): Bucket {
	const locked = Duration.days(Math.min(retentionDays, LOCKED_DAYS));
	const retention = {
		off: {},
		governance: { objectLockDefaultRetention: ObjectLockRetention.governance(locked) },
		compliance: { objectLockDefaultRetention: ObjectLockRetention.compliance(locked) },
	}[objectLock];
	const bucket = new Bucket(scope, 'Payloads', {
		encryption: BucketEncryption.KMS,
		encryptionKey: key,
		bucketKeyEnabled: true,
		blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
		enforceSSL: true,
		versioned: true,
		lifecycleRules: [
			{
				abortIncompleteMultipartUploadAfter: Duration.days(1),
				expiration: Duration.days(retentionDays),
				noncurrentVersionExpiration: Duration.days(retentionDays),
			},
		],
		// Emptying it along with its stack would take a function that may delete payloads.
		removalPolicy: RemovalPolicy.RETAIN,
		...(objectLock !== 'off' && { objectLockEnabled: true }),
		...retention,
	});
	bucket.addToResourcePolicy(
		new PolicyStatement({
			sid: 'PayloadsAreInsertOnly',
			effect: Effect.DENY,
			principals: [new AnyPrincipal()],
			actions: ['s3:PutObject'],
			resources: [bucket.arnForObjects('*')],
			conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
		}),
	);
	acknowledge(bucket, {
		S1: 'Its objects are ciphertexts named by run and nonce; who reads them is told by data events of CloudTrail, not by access logs.',
	});
	return bucket;
}

export type ApplicationTableProps = { readonly stage: string; readonly key: Key };

/** A table that transaction tools write to: keyed as their writes are, and an effect's record like any other. */
export class ApplicationTable extends Table {
	constructor(scope: Construct, id: string, { stage, key }: ApplicationTableProps) {
		super(scope, id, {
			partitionKey: { name: keyAttribute, type: AttributeType.STRING },
			billingMode: BillingMode.PAY_PER_REQUEST,
			encryption: TableEncryption.CUSTOMER_MANAGED,
			encryptionKey: key,
			pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
			deletionProtection: isKept(stage),
			removalPolicy: isKept(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
		});
	}
}
