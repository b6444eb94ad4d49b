// What docs/cost.md takes from the deployment is what the templates hold: keys, alarms, sweeps, and the memory that time is paid by.
import { expect, inject, test } from 'vitest';
import { assumed } from '../../bench/cost/inputs.ts';

const { ledger, runtime, audit } = inject('templates');
const all = [ledger, runtime].flatMap(({ Resources }) => Object.values(Resources));
const of = (type: string) => all.filter(({ Type }) => Type === type);
const memoryOf = (ending: RegExp) => {
	const found = of('AWS::Lambda::Function').filter(({ Properties }) => ending.test(String(Properties?.FunctionName)));
	expect(found.length).toBeGreaterThan(0);
	return new Set(found.map(({ Properties }) => Properties?.MemorySize));
};

test('keys, alarms, sweeps and checks by the archive', () => {
	const { kmsKeys, alarms, sweepsAMonth, archiveChecksAMonth } = assumed.idle;
	expect(of('AWS::KMS::Key')).toHaveLength(kmsKeys);
	expect(of('AWS::CloudWatch::Alarm')).toHaveLength(alarms);
	const schedules = of('AWS::Events::Rule')
		.map(({ Properties }) => Properties?.ScheduleExpression)
		.filter((schedule) => schedule !== undefined);
	expect(schedules.toSorted()).toEqual(['rate(1 minute)', 'rate(5 minutes)']);
	expect(sweepsAMonth).toBe((30 * 24 * 60) / 5);
	expect(archiveChecksAMonth).toBe(30 * 24 * 60);
});

test('of the audit: a stream, alarms, rounds, backfills, a queue that is polled for each agent', () => {
	const there = Object.values(audit.Resources);
	const ofAudit = (type: string) => there.filter(({ Type }) => Type === type);
	const counted = assumed.audit;
	// The templates hold an agent of the tests besides.
	const agents = ofAudit('AWS::Lambda::Function').filter(({ Properties }) => /-reconcile$/.test(String(Properties?.FunctionName))).length;
	expect(agents).toBe(counted.agents + 1);
	expect(ofAudit('AWS::CloudWatch::Alarm')).toHaveLength(counted.alarms + agents * counted.alarmsPerAgent);
	expect(ofAudit('AWS::Kinesis::Stream').map(({ Properties }) => Properties?.StreamModeDetails)).toEqual([{ StreamMode: 'ON_DEMAND' }]);
	expect(counted.streamHoursAMonth).toBe(30 * 24);
	const schedules = ofAudit('AWS::Events::Rule').map(({ Properties }) => Properties?.ScheduleExpression);
	expect(schedules.toSorted()).toEqual(['rate(1 day)', ...Array.from({ length: agents }, () => 'rate(15 minutes)')]);
	expect([counted.backfillsAMonth, counted.roundsAMonth]).toEqual([30, (30 * 24 * 60) / 15]);
	const polled = ofAudit('AWS::Lambda::EventSourceMapping').filter(({ Properties }) => Properties?.ScalingConfig !== undefined);
	expect(polled).toHaveLength(agents);
	expect(counted.pollsAMonth).toBe((5 * 30 * 24 * 60 * 60) / 20);
	const memory = (ending: RegExp, within = there) =>
		new Set(
			within
				.filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && ending.test(String(Properties?.FunctionName)))
				.map(({ Properties }) => Properties?.MemorySize),
		);
	expect([...memory(/-(ingest|backfill)$/)]).toEqual([counted.memoryMb.ingest]);
	expect([...memory(/-reconcile$/)]).toEqual([counted.memoryMb.reconcile]);
	expect([...memory(/-archive$/, Object.values(runtime.Resources))]).toEqual([counted.memoryMb.archive]);
	expect(ofAudit('AWS::KMS::Key').concat(ofAudit('AWS::SecretsManager::Secret'))).toEqual([]);
});

test('memory', () => {
	const { plan, tool, guard, resume } = assumed.memoryMb;
	expect([...memoryOf(/__guard$/)]).toEqual([guard]);
	expect([...memoryOf(/-plan$/)]).toEqual([plan]);
	expect([...memoryOf(/-resume$/)]).toEqual([resume]);
	expect([...memoryOf(/_payments_refund$/)]).toEqual([tool]);
});

test('nothing but the stream of the audit is paid by the hour, whether anything runs or not', () => {
	const byTheHour = /^AWS::(EC2|ECS|RDS|ElastiCache|OpenSearchService|Kinesis|MSK|ElasticLoadBalancing)/;
	expect(all.filter(({ Type }) => byTheHour.test(Type)).map(({ Type }) => Type)).toEqual([]);
	const audited = Object.values(audit.Resources).filter(({ Type }) => byTheHour.test(Type) && Type !== 'AWS::Kinesis::Stream');
	expect(audited).toEqual([]);
	expect(of('AWS::DynamoDB::Table').every(({ Properties }) => Properties?.BillingMode === 'PAY_PER_REQUEST')).toBe(true);
	expect(
		of('AWS::Lambda::Version')
			.concat(of('AWS::Lambda::Alias'))
			.every(({ Properties }) => Properties?.ProvisionedConcurrencyConfig === undefined),
	).toBe(true);
});
