/** What the audit costs: of 1,000 steps, of what they leave, and a month in which nothing runs. */
import type { Audited } from './audited.ts';
import { type Bill, dataEvents, GB, gbSeconds, type Line, PER } from './bill.ts';
import type { Charged } from './counted-dynamodb.ts';
import type { Assumed } from './inputs.ts';
import type { Measured } from './measured.ts';

export type Auditing = { readonly measured: Measured; readonly audited: Audited; readonly assumed: Assumed };

const requestsOf = ({ requests }: Charged): number => Object.values(requests).reduce((sum, count) => sum + count, 0);
const DAYS = 30;

/** One run of so many steps, closed; what several runs share is not shared here. */
export function auditOf({ measured, audited, assumed }: Auditing): Bill {
	const { audit, latencyMs, logBytesPerInvocation } = assumed;
	const { ingest, archive, visit } = audited;
	const scale = PER / audited.steps;
	const visits = audit.visitsPerRun;
	const ledgerEvents = dataEvents(measured).count / scale + visits * (visit.requests.Query ?? 0);
	const events = ledgerEvents + audited.issues;
	const eventGb = (ledgerEvents * audit.ledgerEventBytes + audited.issues * audit.issueEventBytes + audited.issueBytes) / GB;
	const invocations = {
		ingest: events / audit.eventsPerInvocation,
		archive: audited.entries / audit.entriesPerInvocation,
		// One message comes too early.
		reconcile: visits + 1,
	};
	const all = invocations.ingest + invocations.archive + invocations.reconcile;
	const ms = {
		ingest: (requestsOf(ingest) * latencyMs.dynamodb) / audit.putsSideBySide + events * audit.computeMsPerEvent,
		archive: (archive.s3Puts + archive.s3Gets) * latencyMs.s3 + requestsOf(archive) * latencyMs.dynamodb,
		reconcile: visits * (requestsOf(visit) * latencyMs.dynamodb + audited.entries * audit.computeMsPerEntry),
	};
	const compute =
		gbSeconds(audit.memoryMb.ingest, ms.ingest) +
		gbSeconds(audit.memoryMb.archive, ms.archive) +
		gbSeconds(audit.memoryMb.reconcile, ms.reconcile);
	const line = (what: string, count: number, price: Line['price'], grounds: Line['grounds']): Line => ({
		what,
		count: scale * count,
		price,
		grounds,
	});
	return {
		name: 'the audit',
		lines: [
			line('CloudTrail data events of the ledger', ledgerEvents, 'dataEvent', 'measured'),
			line('GB of events into CloudWatch Logs', eventGb, 'logs', 'assumed'),
			line('GB into Kinesis', eventGb, 'kinesisIn', 'assumed'),
			line('GB out of Kinesis', eventGb, 'kinesisOut', 'assumed'),
			line('S3 puts by the archive', archive.s3Puts, 's3Put', 'measured'),
			line('S3 gets by the archive', archive.s3Gets, 's3Get', 'measured'),
			line('DynamoDB write units', ingest.writeUnits + archive.writeUnits, 'dynamodbWrite', 'measured'),
			line('DynamoDB read units', visits * visit.readUnits, 'dynamodbRead', 'measured'),
			line('Lambda invocations', all, 'lambdaRequest', 'assumed'),
			line('Lambda GB-seconds', compute, 'lambdaArm', 'assumed'),
			line('GB of logs', (all * logBytesPerInvocation) / GB, 'logs', 'assumed'),
			line('SQS requests', audit.sqsRequestsPerRun, 'sqsRequest', 'assumed'),
		],
	};
}

/** What 1,000 steps go on to cost a month: witnesses, the archive, and being compared with it every day. */
export function auditKept({ audited, assumed }: Omit<Auditing, 'measured'>): Bill {
	const { ingest, archive, comparing } = audited;
	const scale = PER / audited.steps;
	const stored = (scale * (ingest.storedBytes + archive.storedBytes)) / GB;
	const ms = comparing.s3Gets * assumed.latencyMs.s3 + requestsOf(comparing) * assumed.latencyMs.dynamodb;
	return {
		name: 'the audit, kept',
		lines: [
			{ what: 'GB of witnesses in DynamoDB', count: stored, price: 'dynamodbStorage', grounds: 'measured' },
			{ what: 'GB recoverable to a point in time', count: stored, price: 'dynamodbBackup', grounds: 'measured' },
			{ what: 'GB in the archive', count: (scale * archive.storedInS3) / GB, price: 's3Storage', grounds: 'measured' },
			{ what: 'S3 gets, compared daily', count: DAYS * scale * comparing.s3Gets, price: 's3Get', grounds: 'measured' },
			{ what: 'S3 lists, compared daily', count: DAYS * scale * comparing.s3Puts, price: 's3Put', grounds: 'measured' },
			{ what: 'read units, compared daily', count: DAYS * scale * comparing.readUnits, price: 'dynamodbRead', grounds: 'measured' },
			{
				what: 'Lambda GB-seconds, compared daily',
				count: DAYS * scale * gbSeconds(assumed.audit.memoryMb.archive, ms),
				price: 'lambdaArm',
				grounds: 'assumed',
			},
		],
	};
}

/** A month in which nothing runs, with the stack of the audit deployed. */
export function auditIdle({ audit, logBytesPerInvocation }: Assumed): Bill {
	const rounds = audit.agents * audit.roundsAMonth;
	const woken = rounds + audit.backfillsAMonth;
	const compute =
		gbSeconds(audit.memoryMb.reconcile, rounds * audit.roundMs) +
		gbSeconds(audit.memoryMb.ingest, audit.backfillsAMonth * audit.backfillMs);
	return {
		name: 'the audit, idle',
		lines: [
			{ what: 'hours of the Kinesis stream', count: audit.streamHoursAMonth, price: 'kinesisHour', grounds: 'counted in the template' },
			{ what: 'alarms', count: audit.alarms + audit.agents * audit.alarmsPerAgent, price: 'alarm', grounds: 'counted in the template' },
			{ what: 'rounds and backfills', count: woken, price: 'lambdaRequest', grounds: 'counted in the template' },
			{ what: 'GB-seconds of both', count: compute, price: 'lambdaArm', grounds: 'assumed' },
			{ what: 'read units of rounds', count: rounds * audit.readUnitsPerRound, price: 'dynamodbRead', grounds: 'assumed' },
			{ what: 'SQS polls by Lambda', count: audit.agents * audit.pollsAMonth, price: 'sqsRequest', grounds: 'assumed' },
			{ what: 'S3 puts of digests', count: audit.digestsAMonth, price: 's3Put', grounds: 'assumed' },
			{ what: 'GB of logs', count: (woken * logBytesPerInvocation) / GB, price: 'logs', grounds: 'assumed' },
		],
	};
}
