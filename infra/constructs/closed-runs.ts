/**
 * Runs that were closed, in a queue for each agent whose runs are reconciled: the archive sends, the agent's reconciling receives.
 * Nothing rests on a message: what is lost, a round finds.
 */
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { namePrefix } from '../context.ts';
import { alarm, type Notifying } from './alarms.ts';

export type ClosedRunsProps = Notifying & {
	/** How long after a run is closed all that was seen of it has come. */
	readonly delaySeconds: number;
};

/** The most that SQS gives. */
const DELAY_SECONDS = 900;
/** However fast the trail is said to be: nobody knows of a run's last event that it has come when the run is closed. */
const AT_LEAST_SECONDS = 60;
/** How long a message that came early is put back: no less than its function may run. */
const PUT_BACK_SECONDS = 900;
const FAILURES = 4;
const KEPT_DAYS = 14;
const MEASURED_MINUTES = 5;

export class ClosedRuns extends Construct {
	readonly #notifying: Notifying;
	readonly #delaySeconds: number;
	#unreconciled: Queue | undefined;
	readonly #queues = new Map<string, Queue>();
	#teller: IRole | undefined;

	constructor(scope: Construct, id: string, { delaySeconds, ...notifying }: ClosedRunsProps) {
		super(scope, id);
		this.#notifying = notifying;
		this.#delaySeconds = delaySeconds;
	}

	/** Messages about runs that could not be reconciled, again and again. Where nobody reconciles there is none. */
	get unreconciled(): Queue {
		if (this.#unreconciled) return this.#unreconciled;
		this.#unreconciled = this.#queue('unreconciled', {});
		alarm(this, 'UnreconciledAlarm', this.#notifying, {
			what: 'closed runs could not be reconciled',
			section: 'unreconciled',
			metric: this.#unreconciled.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(MEASURED_MINUTES) }),
		});
		return this.#unreconciled;
	}

	/** The queue of this agent, for whoever reconciles its runs. */
	of(agent: string): IQueue {
		const there = this.#queues.get(agent);
		if (there) return there;
		const early = Math.max(0, this.#delaySeconds - DELAY_SECONDS);
		const made = this.#queue(`${agent}-closed`, {
			deliveryDelay: Duration.seconds(Math.min(DELAY_SECONDS, Math.max(AT_LEAST_SECONDS, this.#delaySeconds))),
			visibilityTimeout: Duration.seconds(PUT_BACK_SECONDS),
			deadLetterQueue: { queue: this.unreconciled, maxReceiveCount: Math.ceil(early / PUT_BACK_SECONDS) + FAILURES },
		});
		this.#queues.set(agent, made);
		this.#sends(made);
		return made;
	}

	/** JSON of the queues' URLs by agent, of whichever there are in the end. */
	get urls(): string {
		const produce = () => Object.fromEntries([...this.#queues].map(([agent, { queueUrl }]) => [agent, queueUrl]));
		return Stack.of(this).toJsonString(Lazy.any({ produce }));
	}

	/** Lets `teller` send to the queues that there are, and to those that there will be. */
	toldBy(teller: IRole): void {
		this.#teller = teller;
		for (const queue of this.#queues.values()) this.#sends(queue);
	}

	#sends(queue: Queue): void {
		this.#teller?.addToPrincipalPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
	}

	#queue(name: string, more: QueueProps): Queue {
		return new Queue(this, name, {
			queueName: `${namePrefix(this.#notifying.stage)}${name}`,
			encryption: QueueEncryption.SQS_MANAGED,
			enforceSSL: true,
			retentionPeriod: Duration.days(KEPT_DAYS),
			...more,
		});
	}
}
