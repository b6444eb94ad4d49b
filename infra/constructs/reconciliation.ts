/** One agent's runs, laid beside what was seen of them: once they are closed, and by schedule whatever has moved. */
import { resolve } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { reconcileFunction } from '../../core/ids.ts';
import type { reconcileVariables, Variables } from '../../functions/lambda/environment.ts';
import { agentFileIn, besideOf } from '../bundling/agent-folders.ts';
import { acknowledgeWildcards, payloadsSeenFrom } from './acknowledged.ts';
import { alarm, counted, type Notifying } from './alarms.ts';
import { receiveActions } from './boundaries.ts';
import { BoundFunction } from './function.ts';
import { chains, keepsRounds, readsRuns } from './permissions.ts';
import { payloadsOfAnyRun, type ThroughlineRuntime } from './runtime.ts';

export type ReconciliationProps = {
	readonly agent: Agent;
	readonly folder: string;
	readonly runtime: ThroughlineRuntime;
	readonly undelivered: Queue;
	readonly delaySeconds: number;
};

const SECONDS = 840;
const EVERY_MINUTES = 15;
const MEMORY_MB = 1_024;
const BATCH = 10;
const SIDE_BY_SIDE = 2;
const UNFINISHED_MINUTES = 60;
/** As many as there are rounds: each had something left. */
const UNFINISHED = 4;

export class Reconciliation extends Construct {
	readonly reconcile: BoundFunction;

	constructor(scope: Construct, id: string, { agent, folder, runtime, undelivered, delaySeconds }: ReconciliationProps) {
		super(scope, id);
		const { store, surroundings, ledgerEnvironment } = runtime;
		const name = reconcileFunction(agent.name);
		const closed = runtime.archive.closed.of(agent.name);
		const environment: Variables<typeof reconcileVariables> = {
			...ledgerEnvironment,
			THROUGHLINE_WITNESSES_TABLE: store.witnesses.tableName,
			THROUGHLINE_FINDINGS_TABLE: store.findings.tableName,
			THROUGHLINE_REGIONS: Stack.of(this).toJsonString([Stack.of(this).region]),
			THROUGHLINE_RECONCILE_DELAY_SECONDS: String(delaySeconds),
		};
		acknowledgeWildcards(this, [payloadsSeenFrom(this, store, '*/*')], payloadsOfAnyRun);
		this.reconcile = new BoundFunction(this, 'Function', {
			...surroundings,
			name,
			bundle: { kind: 'reconcile', agentFile: agentFileIn(resolve(folder)), beside: besideOf(resolve(folder)) },
			timeoutSeconds: SECONDS,
			memoryMb: MEMORY_MB,
			environment,
			undelivered,
			statements: [
				...readsRuns(store, [chains.everything, chains.everyAgent]),
				new PolicyStatement({ sid: 'Witnesses', actions: ['dynamodb:Query'], resources: [store.witnesses.tableArn] }),
				...keepsRounds(store, name),
				new PolicyStatement({ sid: 'Closed', actions: receiveActions, resources: [closed.queueArn] }),
			],
		});
		new EventSourceMapping(this, 'Closed', {
			target: this.reconcile.function,
			eventSourceArn: closed.queueArn,
			batchSize: BATCH,
			reportBatchItemFailures: true,
			// Whoever closes many runs at once slows nobody down: the queue keeps them.
			maxConcurrency: SIDE_BY_SIDE,
		});
		const every = Duration.minutes(EVERY_MINUTES);
		const schedule = new Rule(this, 'Schedule', { description: `Reconciles runs of ${agent.name}`, schedule: Schedule.rate(every) });
		// The next one does what this one could not.
		schedule.addTarget(new LambdaFunction(this.reconcile.function, { deadLetterQueue: undelivered, retryAttempts: 0, maxEventAge: every }));
		this.#alarms(surroundings);
	}

	#alarms(notifying: Notifying): void {
		alarm(this, 'Findings', notifying, {
			what: 'ledger and witnesses disagree',
			section: 'findings',
			metric: counted('reconcile', 'raised', EVERY_MINUTES),
		});
		alarm(this, 'Failing', notifying, {
			what: 'runs are not reconciled',
			section: 'findings',
			metric: this.reconcile.function.metricErrors({ period: Duration.minutes(EVERY_MINUTES) }),
		});
		alarm(this, 'Unfinished', notifying, {
			what: 'runs can not be read, or rounds do not come to their end',
			section: 'unreconciled',
			metric: counted('reconcile', 'unfinished', UNFINISHED_MINUTES),
			threshold: UNFINISHED,
		});
	}
}
