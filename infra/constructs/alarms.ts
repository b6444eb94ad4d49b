/** Alarms as all of ours are: one thing that went wrong, the section of the docs that says what to do, and whoever is told. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../functions/metric-line.ts';

/** What a function counts of itself, in the lines of its log. */
export const counted = (name: string, metricName: string, minutes: number): Metric =>
	new Metric({
		namespace: METRIC_NAMESPACE,
		metricName,
		dimensionsMap: { function: name },
		statistic: 'Sum',
		period: Duration.minutes(minutes),
	});

/** What all alarms of one deployment share. */
export type Notifying = {
	readonly stage: string;
	/** Where alarms go; nobody is told where there is none. */
	readonly notified: ITopic | undefined;
};
export type Alarming = {
	readonly what: string;
	/** A heading of `page`. */
	readonly section: string;
	readonly page?: 'docs/runbook.md' | 'docs/deploy.md';
	readonly metric: IMetric;
	readonly threshold?: number;
};

export function alarm(
	scope: Construct,
	id: string,
	{ stage, notified }: Notifying,
	{ what, section, page = 'docs/runbook.md', metric, threshold = 1 }: Alarming,
): Alarm {
	const made = new Alarm(scope, id, {
		alarmDescription: `Throughline ${stage}: ${what}. See ${page}#${section}`,
		metric,
		threshold,
		evaluationPeriods: 1,
		treatMissingData: TreatMissingData.NOT_BREACHING,
	});
	if (notified) made.addAlarmAction(new SnsAction(notified));
	return made;
}

/** One topic for the alarms of all stacks. Its policy replaces the one that lets an account's alarms publish, so it says so itself. */
export function notifies(scope: Construct, email: string): Topic {
	const { account } = Stack.of(scope);
	const topic = new Topic(scope, 'Alarms', { enforceSSL: true });
	topic.addToResourcePolicy(
		new PolicyStatement({
			sid: 'AlarmsOfThisAccount',
			principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
			actions: ['sns:Publish'],
			resources: [topic.topicArn],
			conditions: { StringEquals: { 'aws:SourceAccount': account } },
		}),
	);
	topic.addSubscription(new EmailSubscription(email));
	return topic;
}
