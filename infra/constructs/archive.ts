/** The archive of the ledger: its function on the table's stream, and the schedule by which it confirms a table and compares. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { archiveVariables, Variables } from '../../functions/lambda/environment.ts';
import { namePrefix } from '../context.ts';
import { acknowledgeWildcards, objectsSeenFrom } from './acknowledged.ts';
import { alarm, counted, type Notifying } from './alarms.ts';
import { streamActions } from './boundaries.ts';
import { ClosedRuns } from './closed-runs.ts';
import { BoundFunction, type Surroundings } from './function.ts';
import { appendsTo, chains, describesLedger, keepsRounds, listsRuns, readsChains, usesKey } from './permissions.ts';
import type { ThroughlineStore } from './store.ts';

const SECONDS = 840;
const UNDELIVERED_DAYS = 14;
/** A new table is used by nobody before it is confirmed, so it is soon. */
const CONFIRMED_WITHIN_MINUTES = 1;
const BATCH = 100;
const MEASURED_MINUTES = 5;
const BEHIND_MS = 900_000;

export type ArchiveProps = Surroundings & { readonly store: ThroughlineStore; readonly reconcileDelaySeconds: number };

export class LedgerArchive extends Construct {
	readonly archive: BoundFunction;
	readonly closed: ClosedRuns;
	/** Batches that could not be archived while the stream held them: where they stood, not what they were. */
	readonly unarchived: Queue;

	constructor(scope: Construct, id: string, { store, reconcileDelaySeconds, ...surroundings }: ArchiveProps) {
		super(scope, id);
		this.closed = new ClosedRuns(this, 'Closed', { ...surroundings, delaySeconds: reconcileDelaySeconds });
		this.unarchived = new Queue(this, 'Unarchived', {
			queueName: `${namePrefix(surroundings.stage)}unarchived`,
			encryption: QueueEncryption.SQS_MANAGED,
			enforceSSL: true,
			retentionPeriod: Duration.days(UNDELIVERED_DAYS),
		});
		const stream = store.ledger.tableStreamArn ?? '';
		const objects = ['entries', 'claims', 'changes'].map((folder) => objectsSeenFrom(this, store.archive, `${folder}/*`));
		const environment: Variables<typeof archiveVariables> = {
			THROUGHLINE_LEDGER_TABLE: store.ledger.tableName,
			THROUGHLINE_ARCHIVE_BUCKET: store.archive.bucketName,
			THROUGHLINE_FINDINGS_TABLE: store.findings.tableName,
			THROUGHLINE_CLOSED_QUEUES: this.closed.urls,
		};
		this.archive = new BoundFunction(this, 'Function', {
			...surroundings,
			name: 'archive',
			bundle: { kind: 'archive' },
			timeoutSeconds: SECONDS,
			environment,
			undelivered: this.unarchived,
			statements: [
				describesLedger(store),
				readsChains(store, [chains.runs, chains.everything, chains.everyAgent, chains.generations]),
				listsRuns(store),
				// Puts back what a backup lacked, and marks the table once that is done.
				appendsTo(store, [chains.runs, chains.everything, chains.everyAgent, chains.everyClaim, chains.generations]),
				...keepsRounds(store, 'archive'),
				new PolicyStatement({ sid: 'Archive', actions: ['s3:GetObject', 's3:PutObject'], resources: objects }),
				new PolicyStatement({ sid: 'ListArchive', actions: ['s3:ListBucket'], resources: [store.archive.bucketArn] }),
				new PolicyStatement({
					sid: 'Stream',
					actions: streamActions,
					resources: [stream],
				}),
				usesKey(store),
			],
		});
		acknowledgeWildcards(this, objects, 'An object is named by the entry or the claim that it holds, and the bucket is insert-only.');
		this.closed.toldBy(this.archive.role);
		this.#feed(stream);
		this.#schedule();
		this.#alarms(surroundings);
	}

	#feed(stream: string): void {
		new EventSourceMapping(this, 'Stream', {
			target: this.archive.function,
			eventSourceArn: stream,
			startingPosition: StartingPosition.TRIM_HORIZON,
			batchSize: BATCH,
			maxBatchingWindow: Duration.seconds(1),
			reportBatchItemFailures: true,
			bisectBatchOnError: true,
			onFailure: new SqsDlq(this.unarchived),
		});
	}

	#schedule(): void {
		const schedule = new Rule(this, 'Schedule', {
			description: 'Confirms a table that is new or was restored; compares runs with the archive',
			schedule: Schedule.rate(Duration.minutes(CONFIRMED_WITHIN_MINUTES)),
		});
		const minutes = Duration.minutes(CONFIRMED_WITHIN_MINUTES);
		schedule.addTarget(
			new LambdaFunction(this.archive.function, { deadLetterQueue: this.unarchived, retryAttempts: 0, maxEventAge: minutes }),
		);
	}

	#alarms(notifying: Notifying): void {
		const { archive, unarchived } = this;
		alarm(this, 'Findings', notifying, {
			what: 'the ledger was changed by somebody',
			section: 'tampered-entry',
			metric: counted('archive', 'findings', MEASURED_MINUTES),
		});
		alarm(this, 'Unconfirmed', notifying, {
			what: 'a restored table is not confirmed, and everybody refuses it',
			section: 'unconfirmed',
			metric: counted('archive', 'unconfirmed', MEASURED_MINUTES),
		});
		const period = Duration.minutes(MEASURED_MINUTES);
		alarm(this, 'Behind', notifying, {
			what: 'the archive falls behind the ledger',
			section: 'archive-behind',
			metric: archive.function.metric('IteratorAge', { statistic: 'Maximum', period }),
			threshold: BEHIND_MS,
		});
		alarm(this, 'Lost', notifying, {
			what: 'changes could not be archived',
			section: 'archive-behind',
			metric: unarchived.metricApproximateNumberOfMessagesVisible({ period }),
		});
	}
}
