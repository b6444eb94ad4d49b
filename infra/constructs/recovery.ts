/**
 * What takes up runs that nothing drives: a rule on how executions end, which is best effort, and a sweeper, which makes
 * it certain. What can't be delivered to either waits in a queue, and an alarm says so.
 */
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { sweepVariables, Variables } from '../../functions/lambda/environment.ts';
import { namePrefix } from '../context.ts';
import { acknowledgeWildcards } from './acknowledged.ts';
import { alarm, type Notifying } from './alarms.ts';
import { BoundFunction, type Surroundings } from './function.ts';
import type { Machines } from './machines.ts';
import { chains, listsRuns, readsRuns } from './permissions.ts';
import type { ThroughlineStore } from './store.ts';

const SWEEP_MINUTES = 5;
/** As long as Lambda gives: a sweep that is not through says so, and the next goes on from there. */
const SWEEP_SECONDS = 840;
const UNDELIVERED_DAYS = 14;
/** An end that is not heard of within an hour is the sweeper's. */
const DELIVERY_HOURS = 1;
const DELIVERIES = 8;

export type RecoveryProps = Surroundings & {
	readonly store: ThroughlineStore;
	readonly machines: Machines;
	readonly ledgerEnvironment: Readonly<Record<string, string>>;
};

export class Recovery extends Construct {
	readonly sweep: BoundFunction;
	/** Events that could not be delivered, for a person to look at. */
	readonly undelivered: Queue;

	/** Machines that act steps: who has one under way there settles a run. */
	readonly #steps: string[] = [];
	readonly #settling = new PolicyStatement({ sid: 'Settling', actions: ['states:ListExecutions'] });

	constructor(scope: Construct, id: string, props: RecoveryProps) {
		super(scope, id);
		this.undelivered = new Queue(this, 'Undelivered', {
			queueName: `${namePrefix(props.stage)}undelivered`,
			encryption: QueueEncryption.SQS_MANAGED,
			enforceSSL: true,
			retentionPeriod: Duration.days(UNDELIVERED_DAYS),
		});
		this.watch(props.machines.arns.step);
		this.#settling.addResources(props.machines.arns.recover);
		this.sweep = this.#sweeper(props);
		this.#ruleOnEnds(props);
		this.#schedule();
		this.#alarms(props);
	}

	/** Has the sweeper look at one more machine that acts steps, by its ARN. */
	watch(stepMachine: string): void {
		this.#steps.push(stepMachine);
		this.#settling.addResources(stepMachine);
	}

	#sweeper({ store, machines, ledgerEnvironment, ...surroundings }: RecoveryProps): BoundFunction {
		const { arns } = machines;
		const environment: Omit<Variables<typeof sweepVariables>, keyof typeof ledgerEnvironment> = {
			THROUGHLINE_RECOVER_MACHINE: arns.recover,
			THROUGHLINE_AGENT_RUN_MACHINE: arns['agent-run'],
			THROUGHLINE_STEP_MACHINES: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.#steps) }),
		};
		const runsOf = (name: string) =>
			Stack.of(this).formatArn({ service: 'states', resource: `execution:${namePrefix(surroundings.stage)}${name}:*` });
		acknowledgeWildcards(this, [runsOf('agent-run')], 'An execution is looked at by the name of its run, whichever that is.');
		return new BoundFunction(this, 'Sweep', {
			...surroundings,
			name: 'sweep',
			bundle: { kind: 'sweep' },
			timeoutSeconds: SWEEP_SECONDS,
			environment: { ...ledgerEnvironment, ...environment },
			undelivered: this.undelivered,
			statements: [
				...readsRuns(store, [chains.everything, chains.everyAgent]),
				listsRuns(store),
				new PolicyStatement({ sid: 'Recover', actions: ['states:StartExecution'], resources: [arns.recover] }),
				new PolicyStatement({ sid: 'UnderWay', actions: ['states:DescribeExecution'], resources: [runsOf('agent-run')] }),
				this.#settling,
			],
		});
	}

	/** The name of an execution is made of run and epoch: no more of the event goes on. */
	#ruleOnEnds({ machines, boundary, stage }: RecoveryProps): void {
		const role = new Role(this, 'RuleRole', {
			assumedBy: new ServicePrincipal('events.amazonaws.com', {
				conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
			}),
			permissionsBoundary: boundary,
			description: `Throughline ${stage}: recovers runs whose execution was cut off`,
		});
		const interrupted = new Rule(this, 'Interrupted', {
			description: 'An execution that did not succeed: its run is taken up from its ledger',
			eventPattern: {
				source: ['aws.states'],
				detailType: ['Step Functions Execution Status Change'],
				detail: { stateMachineArn: [machines.arns['agent-run']], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
			},
		});
		interrupted.addTarget(
			new SfnStateMachine(machines.machines.recover, {
				role,
				input: RuleTargetInput.fromObject({ run: EventField.fromPath('$.detail.name'), reason: 'interrupted' }),
				deadLetterQueue: this.undelivered,
				retryAttempts: DELIVERIES,
				maxEventAge: Duration.hours(DELIVERY_HOURS),
			}),
		);
	}

	#schedule(): void {
		const schedule = new Rule(this, 'Schedule', {
			description: 'Finds runs that nothing drives',
			schedule: Schedule.rate(Duration.minutes(SWEEP_MINUTES)),
		});
		// The next one does what this one could not.
		const delivery = { deadLetterQueue: this.undelivered, retryAttempts: 1, maxEventAge: Duration.minutes(SWEEP_MINUTES) };
		schedule.addTarget(new LambdaFunction(this.sweep.function, delivery));
	}

	#alarms(notifying: Notifying): void {
		alarm(this, 'UndeliveredAlarm', notifying, {
			what: 'an event reached neither recover nor the sweeper',
			page: 'docs/deploy.md',
			section: 'undelivered',
			metric: this.undelivered.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
		});
		alarm(this, 'SweepAlarm', notifying, {
			what: 'the sweeper fails, and runs that were cut off may wait',
			page: 'docs/deploy.md',
			section: 'sweeper',
			metric: this.sweep.function.metricErrors({ period: Duration.minutes(15) }),
			threshold: 2,
		});
	}
}
