/** What a bill is made of besides what is counted: a dated price list, and what could not be measured without an account. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const price = z.strictObject({
	usd: z.number(),
	per: z.number(),
	unit: z.string(),
	source: z.string(),
	/** Against what the figure was compared; null where it is from memory alone. */
	checked: z.string().nullable(),
});
const priceNames = z.enum([
	'dynamodbWrite',
	'dynamodbRead',
	'dynamodbStorage',
	'dynamodbBackup',
	'lambdaRequest',
	'lambdaArm',
	'durableOperation',
	'durableWritten',
	'transition',
	's3Put',
	's3Get',
	's3Storage',
	'kmsRequest',
	'kmsKey',
	'logs',
	'alarm',
	'dataEvent',
	'kinesisHour',
	'kinesisIn',
	'kinesisOut',
	'sqsRequest',
]);
export type PriceName = z.infer<typeof priceNames>;
const priceList = z.strictObject({
	region: z.string(),
	asOf: z.iso.date(),
	terms: z.string(),
	prices: z.record(priceNames, price),
});
export type Prices = z.infer<typeof priceList>;

const positive = z.number().min(0);
const byRole = z.strictObject({ plan: positive, tool: positive, guard: positive, resume: positive, plain: positive });
const assumptions = z.strictObject({
	latencyMs: z.strictObject({ dynamodb: positive, s3: positive, sts: positive, invoke: positive }),
	computeMs: byRole,
	memoryMb: byRole,
	logBytesPerInvocation: positive,
	kmsRequestsPer1000Steps: positive,
	durableCheckpointMs: positive,
	durableBytesPerOperation: positive,
	sweepMs: positive,
	audit: z.strictObject({
		memoryMb: z.strictObject({ ingest: positive, archive: positive, reconcile: positive }),
		issueEventBytes: positive,
		ledgerEventBytes: positive,
		eventsPerInvocation: positive,
		entriesPerInvocation: positive,
		putsSideBySide: positive,
		computeMsPerEvent: positive,
		computeMsPerEntry: positive,
		visitsPerRun: positive,
		sqsRequestsPerRun: positive,
		agents: positive,
		alarms: positive,
		alarmsPerAgent: positive,
		streamHoursAMonth: positive,
		roundsAMonth: positive,
		roundMs: positive,
		readUnitsPerRound: positive,
		backfillsAMonth: positive,
		backfillMs: positive,
		pollsAMonth: positive,
		digestsAMonth: positive,
	}),
	idle: z.strictObject({ kmsKeys: positive, alarms: positive, sweepsAMonth: positive, archiveChecksAMonth: positive }),
});
export type Assumed = z.infer<typeof assumptions>;

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
export const prices: Prices = priceList.parse(read('prices.json'));
export const assumed: Assumed = assumptions.parse(read('assumed.json'));
