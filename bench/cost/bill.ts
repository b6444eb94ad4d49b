/** What counted things cost by a price list. Each line says whether its count was measured, is documented elsewhere, or was assumed. */
import type { Assumed, PriceName, Prices } from './inputs.ts';
import type { Measured, Role } from './measured.ts';

export type Grounds = 'measured' | 'assumed' | 'documented' | 'counted in the template';
export type Line = { readonly what: string; readonly count: number; readonly price: PriceName; readonly grounds: Grounds };
export type Bill = { readonly name: string; readonly lines: readonly Line[] };

export const usd = ({ count, price }: Line, { prices }: Prices): number => (count * prices[price].usd) / prices[price].per;
export const total = ({ lines }: Bill, prices: Prices): number => lines.reduce((sum, line) => sum + usd(line, prices), 0);

const MB_PER_GB = 1_024;
export const GB = 1_000_000_000;
export const PER = 1_000;

export const gbSeconds = (memoryMb: number, ms: number): number => (memoryMb / MB_PER_GB) * (ms / 1_000);

/** 1,000 steps of ours. Durations are what is counted times what each is assumed to take, one after the other. */
export function ours(measured: Measured, assumed: Assumed): Bill {
	const { roles, steps, transitions } = measured;
	const scale = PER / steps;
	const all = Object.values(roles);
	const sum = (of: (count: (typeof all)[number]) => number): number => scale * all.reduce((so, count) => so + of(count), 0);
	const invocations = sum((count) => count.invocations);
	const compute = (['plan', 'guard', 'tool', 'resume'] as const).reduce(
		(so, role) => so + gbSeconds(assumed.memoryMb[role], scale * busyMs(role, measured, assumed)),
		0,
	);
	return {
		name: measured.kind,
		lines: [
			{ what: 'state transitions', count: scale * transitions, price: 'transition', grounds: 'measured' },
			{ what: 'Lambda invocations', count: invocations, price: 'lambdaRequest', grounds: 'measured' },
			{ what: 'Lambda GB-seconds', count: compute, price: 'lambdaArm', grounds: 'assumed' },
			{ what: 'DynamoDB write units', count: sum(({ dynamodb }) => dynamodb.writeUnits), price: 'dynamodbWrite', grounds: 'measured' },
			{ what: 'DynamoDB read units', count: sum(({ dynamodb }) => dynamodb.readUnits), price: 'dynamodbRead', grounds: 'measured' },
			{ what: 'S3 puts', count: sum(({ s3Puts }) => s3Puts), price: 's3Put', grounds: 'measured' },
			{ what: 'S3 gets', count: sum(({ s3Gets }) => s3Gets), price: 's3Get', grounds: 'measured' },
			{ what: 'KMS requests', count: assumed.kmsRequestsPer1000Steps, price: 'kmsRequest', grounds: 'assumed' },
			{ what: 'GB of logs', count: (invocations * assumed.logBytesPerInvocation) / GB, price: 'logs', grounds: 'assumed' },
		],
	};
}

/** How long all invocations of one function take together, in milliseconds. A tool's waits for its guard are its own time too. */
function busyMs(role: Exclude<Role, 'open'>, measured: Measured, assumed: Assumed): number {
	const { invocations, dynamodb, s3Puts, s3Gets, sessions } = measured.roles[role];
	const { latencyMs, computeMs } = assumed;
	const requests = Object.values(dynamodb.requests).reduce((sum, count) => sum + count, 0);
	const own = invocations * computeMs[role] + requests * latencyMs.dynamodb + (s3Puts + s3Gets) * latencyMs.s3 + sessions * latencyMs.sts;
	if (role !== 'tool') return own;
	return own + busyMs('guard', measured, assumed) + measured.roles.guard.invocations * latencyMs.invoke;
}

/** What 1,000 steps leave behind, a month. */
export function kept({ roles, steps, payloadBytes }: Measured): Bill {
	const stored = ((PER / steps) * Object.values(roles).reduce((sum, { dynamodb }) => sum + dynamodb.storedBytes, 0)) / GB;
	return {
		name: 'kept',
		lines: [
			{ what: 'GB in DynamoDB', count: stored, price: 'dynamodbStorage', grounds: 'measured' },
			{ what: 'GB recoverable to a point in time', count: stored, price: 'dynamodbBackup', grounds: 'measured' },
			{ what: 'GB in S3', count: ((PER / steps) * payloadBytes) / GB, price: 's3Storage', grounds: 'measured' },
		],
	};
}

/** CloudTrail's data events on the ledger's table, for who records them. */
export const dataEvents = ({ roles, steps }: Measured): Line => ({
	what: 'CloudTrail data events on the ledger',
	count:
		(PER / steps) *
		Object.values(roles).reduce(
			(sum, { dynamodb }) =>
				sum + (dynamodb.requests.PutItem ?? 0) + (dynamodb.requests.TransactWriteItems ?? 0) + (dynamodb.requests.Query ?? 0),
			0,
		),
	price: 'dataEvent',
	grounds: 'measured',
});

/** A month in which nothing runs: what stands, and a sweeper that finds nothing, and an archive that has none to compare. */
export function idle({ idle: standing, memoryMb, sweepMs, logBytesPerInvocation }: Assumed): Bill {
	const { kmsKeys, alarms, sweepsAMonth, archiveChecksAMonth } = standing;
	const woken = sweepsAMonth + archiveChecksAMonth;
	return {
		name: 'idle',
		lines: [
			{ what: 'KMS keys', count: kmsKeys, price: 'kmsKey', grounds: 'counted in the template' },
			{ what: 'alarms', count: alarms, price: 'alarm', grounds: 'counted in the template' },
			{ what: 'sweeps', count: sweepsAMonth, price: 'lambdaRequest', grounds: 'counted in the template' },
			{ what: 'checks by the archive', count: archiveChecksAMonth, price: 'lambdaRequest', grounds: 'counted in the template' },
			{ what: 'GB-seconds of both', count: woken * gbSeconds(memoryMb.plain, sweepMs), price: 'lambdaArm', grounds: 'assumed' },
			// The archive asks for its bookmark besides.
			{ what: 'read units of both', count: woken + archiveChecksAMonth, price: 'dynamodbRead', grounds: 'assumed' },
			{ what: 'GB of logs of both', count: (woken * logBytesPerInvocation) / GB, price: 'logs', grounds: 'assumed' },
		],
	};
}

/** The same 1,000 steps without us: a planner and a tool, called in turn. */
export function others(assumed: Assumed): Bill[] {
	const { memoryMb, computeMs, latencyMs, durableCheckpointMs, durableBytesPerOperation, logBytesPerInvocation } = assumed;
	const machine = (name: string, ms: number, more: readonly Line[]): Bill => ({
		name,
		lines: [
			// A loop of a Task that plans, a Choice, and a Task that acts.
			{ what: 'state transitions', count: 3 * PER, price: 'transition', grounds: 'documented' },
			{ what: 'Lambda invocations', count: 2 * PER, price: 'lambdaRequest', grounds: 'documented' },
			{ what: 'Lambda GB-seconds', count: gbSeconds(memoryMb.plain, ms), price: 'lambdaArm', grounds: 'assumed' },
			{ what: 'GB of logs', count: (2 * PER * logBytesPerInvocation) / GB, price: 'logs', grounds: 'assumed' },
			...more,
		],
	});
	const plainMs = 2 * PER * computeMs.plain;
	const operations = 2 * PER + 1;
	return [
		machine('Step Functions alone', plainMs, []),
		machine('Step Functions and Powertools idempotency', plainMs + 2 * PER * latencyMs.dynamodb, [
			{ what: 'DynamoDB write units', count: 2 * PER, price: 'dynamodbWrite', grounds: 'documented' },
		]),
		{
			name: 'Lambda durable functions',
			lines: [
				{ what: 'durable operations', count: operations, price: 'durableOperation', grounds: 'documented' },
				{ what: 'GB written', count: (operations * durableBytesPerOperation) / GB, price: 'durableWritten', grounds: 'assumed' },
				{ what: 'Lambda invocations', count: 1, price: 'lambdaRequest', grounds: 'documented' },
				{
					what: 'Lambda GB-seconds',
					count: gbSeconds(memoryMb.plain, plainMs + operations * durableCheckpointMs),
					price: 'lambdaArm',
					grounds: 'assumed',
				},
				{ what: 'GB of logs', count: logBytesPerInvocation / GB, price: 'logs', grounds: 'assumed' },
			],
		},
	];
}
