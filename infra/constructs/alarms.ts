/** Alarms as all of ours are: one thing that went wrong, and the section of the runbook that says what to do. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
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

export type Alarming = { readonly what: string; readonly section: string; readonly metric: IMetric; readonly threshold?: number };

export const alarm = (scope: Construct, id: string, stage: string, { what, section, metric, threshold = 1 }: Alarming): Alarm =>
	new Alarm(scope, id, {
		alarmDescription: `Throughline ${stage}: ${what}. See docs/runbook.md#${section}`,
		metric,
		threshold,
		evaluationPeriods: 1,
		treatMissingData: TreatMissingData.NOT_BREACHING,
	});
