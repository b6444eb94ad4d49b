/**
 * What AWS sees of this deployment: a trail in every region, its events through a log group and a stream to `ingest`, and
 * its signed files to `backfill`. Neither of the two is seen by the trail, so that they don't feed themselves.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { CfnSubscriptionFilter, type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { type DeploymentContext, isKept, namePrefix } from '../context.ts';
import { acknowledge, acknowledgeWildcards } from './acknowledged.ts';
import { selectorsFor, watchedBy } from './event-selectors.ts';
import { EventsIn, type TrailBucket } from './events-in.ts';
import type { ThroughlineRuntime } from './runtime.ts';

export type AuditTrailProps = Pick<DeploymentContext, 'stage' | 'retentionDays' | 'trail'> & {
	readonly runtime: ThroughlineRuntime;
	readonly agents: readonly Agent[];
	/** Tables that their transaction tools write to. */
	readonly tables?: readonly Table[];
};

/** As long as a stream that is read all the time needs, and a person who looks at what could not be read. */
const STREAM_DAYS = 7;

export class AuditTrail extends Construct {
	readonly logGroup: ILogGroup;
	readonly stream: Stream;
	readonly events: EventsIn;
	/** Where the trail's files lie: ours, or the one that was named. None where there is no trail. */
	readonly bucket: TrailBucket | undefined;

	constructor(scope: Construct, id: string, props: AuditTrailProps) {
		super(scope, id);
		const { stage, trail, runtime } = props;
		const name = `${namePrefix(stage)}trail`;
		this.stream = new Stream(this, 'Stream', {
			streamName: name,
			streamMode: StreamMode.ON_DEMAND,
			encryption: StreamEncryption.MANAGED,
			retentionPeriod: Duration.days(STREAM_DAYS),
			removalPolicy: isKept(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
		});
		this.logGroup =
			trail.is === 'existing'
				? LogGroup.fromLogGroupName(this, 'Logs', trail.logGroup)
				: new LogGroup(this, 'Logs', {
						logGroupName: name,
						retention: props.retentionDays as RetentionDays,
						removalPolicy: isKept(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
					});
		this.#subscription(runtime);
		this.bucket = this.#bucket(props);
		const arn = trail.is === 'existing' ? trail.arn : Stack.of(this).formatArn({ service: 'cloudtrail', resource: `trail/${name}` });
		const selectors = selectorsFor({ ...props, tables: props.tables ?? [] });
		this.events = new EventsIn(this, 'Events', {
			runtime,
			stream: this.stream,
			logGroup: this.logGroup,
			watched: watchedBy(selectors),
			trail: this.bucket && { arn, bucket: this.bucket },
		});
		if (trail.is === 'own' && this.bucket) this.#trail(props, { bucket: this.bucket, name, selectors });
	}

	/** Random: by log stream, which CloudTrail has few of, one shard would get nearly all. */
	#subscription({ surroundings }: ThroughlineRuntime): void {
		const { account } = Stack.of(this);
		const role = new Role(this, 'SubscriptionRole', {
			assumedBy: new ServicePrincipal('logs.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
			permissionsBoundary: surroundings.boundary,
			description: `Throughline ${surroundings.stage}: hands CloudTrail's events on`,
		});
		role.addToPolicy(
			new PolicyStatement({ sid: 'HandOn', actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], resources: [this.stream.streamArn] }),
		);
		const filter = new CfnSubscriptionFilter(this, 'Subscription', {
			logGroupName: this.logGroup.logGroupName,
			filterPattern: '',
			destinationArn: this.stream.streamArn,
			roleArn: role.roleArn,
			distribution: 'Random',
		});
		filter.node.addDependency(role);
	}

	#bucket({ trail, stage, retentionDays }: AuditTrailProps): TrailBucket | undefined {
		if (trail.is === 'existing') return Bucket.fromBucketName(this, 'Files', trail.bucket);
		if (trail.is === 'off') return undefined;
		const bucket = new Bucket(this, 'Files', {
			encryption: BucketEncryption.S3_MANAGED,
			blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
			enforceSSL: true,
			versioned: true,
			lifecycleRules: [{ expiration: Duration.days(retentionDays), noncurrentVersionExpiration: Duration.days(retentionDays) }],
			removalPolicy: RemovalPolicy.RETAIN,
		});
		const trailArn = Stack.of(this).formatArn({ service: 'cloudtrail', resource: `trail/${namePrefix(stage)}trail` });
		const ofOurTrail = { StringEquals: { 'aws:SourceArn': trailArn } };
		const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
		bucket.addToResourcePolicy(
			new PolicyStatement({
				sid: 'TrailLooks',
				principals,
				actions: ['s3:GetBucketAcl'],
				resources: [bucket.bucketArn],
				conditions: ofOurTrail,
			}),
		);
		bucket.addToResourcePolicy(
			new PolicyStatement({
				sid: 'TrailWrites',
				principals,
				actions: ['s3:PutObject'],
				resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
				conditions: { StringEquals: { ...ofOurTrail.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
			}),
		);
		acknowledge(bucket, {
			S1: 'Its files are pinned by digests that CloudTrail signs: whatever is done to them is found without access logs.',
		});
		return bucket;
	}

	#trail(
		{ runtime, stage }: AuditTrailProps,
		{ bucket, name, selectors }: { bucket: TrailBucket; name: string; selectors: ReturnType<typeof selectorsFor> },
	): void {
		const { account } = Stack.of(this);
		const logs = new Role(this, 'TrailRole', {
			assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
			permissionsBoundary: runtime.surroundings.boundary,
			description: `Throughline ${stage}: CloudTrail writes its events`,
		});
		const group = `log-group:${this.logGroup.logGroupName}`;
		const streams = Stack.of(this).formatArn({ service: 'logs', resource: `${group}:log-stream:${account}_CloudTrail_*` });
		logs.addToPolicy(new PolicyStatement({ sid: 'Write', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [streams] }));
		acknowledgeWildcards(logs, [streams], 'CloudTrail names its log streams by account and region, and numbers them.');
		const trail = new CfnTrail(this, 'Trail', {
			trailName: name,
			s3BucketName: bucket.bucketName,
			isLogging: true,
			isMultiRegionTrail: true,
			includeGlobalServiceEvents: true,
			enableLogFileValidation: true,
			cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
			cloudWatchLogsRoleArn: logs.roleArn,
			advancedEventSelectors: selectors,
		});
		// Whoever judges a change of the selectors knows what they are to be before they are changed.
		trail.node.addDependency(this.events.ingest, logs, ...this.node.findAll().filter((one) => one instanceof CfnBucketPolicy));
	}
}
