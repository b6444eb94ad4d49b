// What docs/cost.md takes from the deployment is what the templates hold: keys, alarms, sweeps, and the memory that time is paid by.
import { expect, inject, test } from 'vitest';
import { assumed } from '../../bench/cost/inputs.ts';

const { ledger, runtime } = inject('templates');
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

test('memory', () => {
	const { plan, tool, guard, resume } = assumed.memoryMb;
	expect([...memoryOf(/__guard$/)]).toEqual([guard]);
	expect([...memoryOf(/-plan$/)]).toEqual([plan]);
	expect([...memoryOf(/-resume$/)]).toEqual([resume]);
	expect([...memoryOf(/_payments_refund$/)]).toEqual([tool]);
});

test('nothing that is paid by the hour, whether anything runs or not', () => {
	const byTheHour = /^AWS::(EC2|ECS|RDS|ElastiCache|OpenSearchService|Kinesis|MSK|ElasticLoadBalancing)/;
	expect(all.filter(({ Type }) => byTheHour.test(Type)).map(({ Type }) => Type)).toEqual([]);
	expect(of('AWS::DynamoDB::Table').every(({ Properties }) => Properties?.BillingMode === 'PAY_PER_REQUEST')).toBe(true);
	expect(
		of('AWS::Lambda::Version')
			.concat(of('AWS::Lambda::Alias'))
			.every(({ Properties }) => Properties?.ProvisionedConcurrencyConfig === undefined),
	).toBe(true);
});
