/** Takes the trail's events in: `ingest` off the stream, `backfill` off the files, and a queue for what nobody can read. */
import { Annotations, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { coverageKeys, witnessKeys } from '../../adapters/dynamodb/audit.ts';
import { roundKeys } from '../../adapters/dynamodb/rounds.ts';
import type { backfillVariables, ingestVariables, knownVariables, Variables } from '../../functions/lambda/environment.ts';
import { namePrefix } from '../context.ts';
import { acknowledgeWildcards } from './acknowledged.ts';
import { alarm, counted, type Notifying } from './alarms.ts';
import { readsStream } from './boundaries.ts';
import { BoundFunction } from './function.ts';
import { onChains, usesKey } from './permissions.ts';
import type { ThroughlineRuntime } from './runtime.ts';

/** What is used of a bucket that may be somebody else's. */
export type TrailBucket = Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects'>;

export type EventsInProps = {
	readonly runtime: ThroughlineRuntime;
	readonly stream: IStream;
	readonly logGroup: ILogGroup;
	/** What the trail's selectors are to see data events of. */
	readonly watched: readonly string[];
	readonly trail: { readonly arn: string; readonly bucket: TrailBucket } | undefined;
};

const INGEST_SECONDS = 120;
const BACKFILL_SECONDS = 840;
const BACKFILL_HOURS = 24;
/** The variables of a function have 4 KB together. */
const WATCHED = 20;
const POISON_DAYS = 14;
const BATCH = 100;
const INGEST_MEMORY_MB = 1_024;
const COUNTED_MINUTES = 15;
const BEHIND_MS = 900_000;

export class EventsIn extends Construct {
	readonly ingest: BoundFunction;
	readonly poison: Queue;

	constructor(scope: Construct, id: string, props: EventsInProps) {
		super(scope, id);
		const { surroundings } = props.runtime;
		this.poison = new Queue(this, 'Poison', {
			queueName: `${namePrefix(surroundings.stage)}poison`,
			encryption: QueueEncryption.SQS_MANAGED,
			enforceSSL: true,
			retentionPeriod: Duration.days(POISON_DAYS),
		});
		this.ingest = this.#ingest(props);
		if (props.trail) this.#backfill(props, props.trail);
		this.#alarms(surroundings, props.trail !== undefined);
	}

	#known({ runtime, stream, logGroup, trail, watched }: EventsInProps): Variables<typeof knownVariables> {
		if (watched.length > WATCHED)
			Annotations.of(this).addWarningV2(
				'throughline:watched',
				`the trail sees data events of ${watched.length} resources, and functions can be told of ${WATCHED}: every change of its selectors will be a witness-gap`,
			);
		const roles = Stack.of(this).formatArn({ service: 'iam', region: '', resource: `role/${namePrefix(runtime.surroundings.stage)}` });
		return {
			THROUGHLINE_ROLE_PREFIX: roles,
			THROUGHLINE_LEDGER_ARN: runtime.store.ledger.tableArn,
			THROUGHLINE_PAYLOAD_BUCKET: runtime.store.payloads.bucketName,
			THROUGHLINE_CARRIERS: Stack.of(this).toJsonString([
				...(trail ? [trail.arn, trail.bucket.bucketArn] : []),
				logGroup.logGroupArn,
				stream.streamArn,
			]),
			THROUGHLINE_WATCHED: Stack.of(this).toJsonString(watched.length > WATCHED ? [] : watched),
		};
	}

	/** Whoever may put a witness says what was seen: these two, and nobody else. That files were read whole, says who reads them. */
	#keeps({ store }: ThroughlineRuntime, more: readonly string[] = []): PolicyStatement[] {
		const conditions = onChains([...witnessKeys, ...roundKeys.moved, ...more]);
		const keep = new PolicyStatement({ sid: 'Keep', actions: ['dynamodb:PutItem'], resources: [store.witnesses.tableArn], conditions });
		return [keep, usesKey(store)];
	}

	#ingest(props: EventsInProps): BoundFunction {
		const { runtime, stream } = props;
		const environment: Variables<typeof ingestVariables> = {
			...this.#known(props),
			THROUGHLINE_WITNESSES_TABLE: runtime.store.witnesses.tableName,
			THROUGHLINE_POISON_QUEUE: this.poison.queueUrl,
		};
		const ingest = new BoundFunction(this, 'Ingest', {
			...runtime.surroundings,
			name: 'ingest',
			bundle: { kind: 'ingest' },
			timeoutSeconds: INGEST_SECONDS,
			memoryMb: INGEST_MEMORY_MB,
			environment,
			undelivered: this.poison,
			statements: [
				...this.#keeps(runtime),
				new PolicyStatement({ sid: 'Stream', actions: [...readsStream], resources: [stream.streamArn] }),
			],
		});
		new EventSourceMapping(this, 'Events', {
			target: ingest.function,
			eventSourceArn: stream.streamArn,
			startingPosition: StartingPosition.TRIM_HORIZON,
			batchSize: BATCH,
			maxBatchingWindow: Duration.seconds(5),
			reportBatchItemFailures: true,
			bisectBatchOnError: true,
			onFailure: new SqsDlq(this.poison),
		});
		return ingest;
	}

	#backfill(props: EventsInProps, { arn, bucket }: NonNullable<EventsInProps['trail']>): void {
		const { runtime } = props;
		const { account, region } = Stack.of(this);
		const environment: Variables<typeof backfillVariables> = {
			...this.#known(props),
			THROUGHLINE_WITNESSES_TABLE: runtime.store.witnesses.tableName,
			THROUGHLINE_TRAIL_BUCKET: bucket.bucketName,
			THROUGHLINE_TRAIL_NAME: Stack.of(this).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME).resourceName ?? '',
			THROUGHLINE_TRAIL_PREFIX: '',
			THROUGHLINE_TRAIL_REGIONS: Stack.of(this).toJsonString([region]),
			THROUGHLINE_ACCOUNT: account,
		};
		const files = bucket.arnForObjects(`AWSLogs/${account}/*`);
		const backfill = new BoundFunction(this, 'Backfill', {
			...runtime.surroundings,
			name: 'backfill',
			bundle: { kind: 'backfill' },
			timeoutSeconds: BACKFILL_SECONDS,
			memoryMb: INGEST_MEMORY_MB,
			environment,
			undelivered: this.poison,
			statements: [
				...this.#keeps(runtime, coverageKeys),
				new PolicyStatement({ sid: 'Files', actions: ['s3:GetObject'], resources: [files] }),
				new PolicyStatement({ sid: 'ListFiles', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
				// AWS's own public keys: the action takes no resource.
				new PolicyStatement({ sid: 'Keys', actions: ['cloudtrail:ListPublicKeys'], resources: ['*'] }),
			],
		});
		acknowledgeWildcards(backfill, [files, '*'], "The trail's files are named by day; the keys that sign them are AWS's own and public.");
		const schedule = new Rule(this, 'BackfillSchedule', {
			description: "Reads the trail's files for what the stream missed",
			schedule: Schedule.rate(Duration.hours(BACKFILL_HOURS)),
		});
		schedule.addTarget(
			new LambdaFunction(backfill.function, { deadLetterQueue: this.poison, retryAttempts: 2, maxEventAge: Duration.hours(6) }),
		);
	}

	#alarms(notifying: Notifying, withFiles: boolean): void {
		const period = Duration.minutes(5);
		alarm(this, 'PoisonAlarm', notifying, {
			what: 'an event could not be read',
			section: 'poison',
			metric: this.poison.metricApproximateNumberOfMessagesVisible({ period }),
		});
		alarm(this, 'BehindAlarm', notifying, {
			what: 'events are taken in late',
			section: 'ingest-behind',
			metric: this.ingest.function.metric('IteratorAge', { statistic: 'Maximum', period }),
			threshold: BEHIND_MS,
		});
		alarm(this, 'DifferingAlarm', notifying, {
			what: 'two copies of one event say different things',
			section: 'differing-copies',
			metric: counted('ingest', 'differing', COUNTED_MINUTES),
		});
		if (!withFiles) return;
		alarm(this, 'FilesAlarm', notifying, {
			what: "the trail's files are not whole",
			section: 'witness-gap',
			metric: counted('backfill', 'trailFaults', COUNTED_MINUTES),
		});
		alarm(this, 'MissedAlarm', notifying, {
			what: 'backfill did not get through',
			section: 'witness-gap',
			metric: counted('backfill', 'cutShort', COUNTED_MINUTES),
		});
	}
}
