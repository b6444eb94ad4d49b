/** One agent's runs, laid by schedule beside what was seen of them. */
import { resolve } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { reconcileFunction } from '../../core/ids.ts';
import type { reconcileVariables, Variables } from '../../functions/lambda/environment.ts';
import { agentFileIn, besideOf } from '../bundling/agent-folders.ts';
import { acknowledgeWildcards, payloadsSeenFrom } from './acknowledged.ts';
import { alarm, counted, type Notifying } from './alarms.ts';
import { BoundFunction } from './function.ts';
import { chains, listsRuns, readsRuns } from './permissions.ts';
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

export class Reconciliation extends Construct {
	readonly reconcile: BoundFunction;

	constructor(scope: Construct, id: string, { agent, folder, runtime, undelivered, delaySeconds }: ReconciliationProps) {
		super(scope, id);
		const { store, surroundings, ledgerEnvironment } = runtime;
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
			name: reconcileFunction(agent.name),
			bundle: { kind: 'reconcile', agentFile: agentFileIn(resolve(folder)), beside: besideOf(resolve(folder)) },
			timeoutSeconds: SECONDS,
			memoryMb: MEMORY_MB,
			environment,
			undelivered,
			statements: [
				...readsRuns(store, [chains.everything, chains.everyAgent]),
				listsRuns(store),
				new PolicyStatement({ sid: 'Witnesses', actions: ['dynamodb:Query'], resources: [store.witnesses.tableArn] }),
				new PolicyStatement({ sid: 'Raise', actions: ['dynamodb:PutItem'], resources: [store.findings.tableArn] }),
			],
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
	}
}
