/** A line of a log that CloudWatch reads as metrics, in its embedded metric format. Numbers and names of ours only. */

export const METRIC_NAMESPACE = 'Throughline';

/** `besides` stands in the line and becomes no metric. */
export function metricLine({
	function: name,
	at,
	values,
	besides = {},
}: {
	function: string;
	at: number;
	values: Readonly<Record<string, number>>;
	besides?: Readonly<Record<string, unknown>>;
}): string {
	const metrics = Object.keys(values).map((metric) => ({ Name: metric, Unit: 'Count' }));
	const directive = { Namespace: METRIC_NAMESPACE, Dimensions: [['function']], Metrics: metrics };
	return JSON.stringify({ ...besides, function: name, ...values, _aws: { Timestamp: at, CloudWatchMetrics: [directive] } });
}
