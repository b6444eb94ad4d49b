// With an address given, every alarm of every stack goes to it, and its topic lets alarms publish. Without one, nothing pretends to.
import { expect, inject, test } from 'vitest';
import { type Deployed, resolved } from './resolved.ts';

type Statement = {
	Effect: string;
	Action: string;
	Principal: { Service?: string };
	Condition?: { StringEquals?: Record<string, string> };
};
const of = (deployed: readonly Deployed[], type: string) => deployed.filter((one) => one.type === type);

/** What keeps a person from hearing of an alarm. */
function silent(deployed: readonly Deployed[]): string[] {
	const topics = new Set(of(deployed, 'AWS::SNS::Topic').map(({ arn }) => arn));
	const read = new Set(of(deployed, 'AWS::SNS::Subscription').map(({ properties }) => String(properties.TopicArn)));
	const open = new Set(
		of(deployed, 'AWS::SNS::TopicPolicy').flatMap(({ properties }) =>
			(properties.PolicyDocument as { Statement: Statement[] }).Statement.some(
				({ Effect, Action, Principal, Condition }) =>
					Effect === 'Allow' &&
					Action === 'sns:Publish' &&
					Principal.Service === 'cloudwatch.amazonaws.com' &&
					Condition?.StringEquals?.['aws:SourceAccount'] === '111122223333',
			)
				? (properties.Topics as string[])
				: [],
		),
	);
	return of(deployed, 'AWS::CloudWatch::Alarm').flatMap(({ at, properties }) => {
		const actions = (properties.AlarmActions ?? []) as string[];
		if (actions.length === 0) return [`${at} tells nobody`];
		return actions.flatMap((topic) => [
			...(topics.has(topic) ? [] : [`${at} goes nowhere`]),
			...(read.has(topic) ? [] : [`${at} is read by nobody`]),
			// A policy of a topic's own replaces the one that lets alarms of its account publish.
			...(open.has(topic) ? [] : [`${at} may not publish`]),
		]);
	});
}

const deployed = resolved(inject('prod'));
const alarms = of(deployed, 'AWS::CloudWatch::Alarm');

test('every alarm, in every stack', () => {
	expect(alarms.length).toBe(of(resolved(inject('templates')), 'AWS::CloudWatch::Alarm').length);
	for (const stack of ['runtime', 'audit'] as const)
		expect(Object.values(inject('prod')[stack].Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')).not.toEqual([]);
	expect(silent(deployed)).toEqual([]);
});

test('the address is the one that was given, and there is one topic', () => {
	expect(of(deployed, 'AWS::SNS::Subscription').map(({ properties }) => properties.Endpoint)).toEqual(['ops@example.org']);
	expect(of(deployed, 'AWS::SNS::Topic')).toHaveLength(1);
});

test('without an address there is no topic', () => {
	expect(of(resolved(inject('templates')), 'AWS::SNS::Topic')).toEqual([]);
});

const without = (which: (one: Deployed) => boolean, properties: Record<string, unknown>): Deployed[] => {
	const naive = deployed.map((one) => (which(one) ? { ...one, properties: { ...one.properties, ...properties } } : one));
	expect(naive).not.toEqual(deployed);
	return naive;
};
test.for<[string, Deployed[]]>([
	['one alarm without an action', without(({ at }) => at === alarms[0]?.at, { AlarmActions: undefined })],
	['an alarm of the audit without one', without(({ at }) => at === alarms.at(-1)?.at, { AlarmActions: undefined })],
	['a topic that nobody reads', deployed.filter(({ type }) => type !== 'AWS::SNS::Subscription')],
	['a topic that only refuses', without(({ type }) => type === 'AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [] } })],
])('control: %s', ([, naive]) => {
	expect(silent(naive)).not.toEqual([]);
});
