/** CloudTrail events of a session's life and the stream's records that carry them, made by hand in the shape of real ones. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Known } from '../../core/audit/known.ts';
import type { StreamRecord } from '../../functions/ingest/ingest.ts';

export const account = '111122223333';
export const known: Known = {
	rolePrefix: `arn:aws:iam::${account}:role/throughline-dev-`,
	ledger: `arn:aws:dynamodb:eu-west-1:${account}:table/ledger`,
	payloads: 'payloads',
	carriers: [`arn:aws:cloudtrail:eu-west-1:${account}:trail/throughline`],
};
const roleName = 'refund-desk_payments_refund-access';
/** In clear in every AssumeRole event. It must be found nowhere afterwards. */
export const sessionToken = 'FwoGZXIvYXdzEBYaDNotARealTokenButLongEnoughToBeOne==';

export type Session = { readonly run: string; readonly step?: number; readonly attempt?: number; readonly accessKeyId?: string };
const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const keyOf = ({ run, step = 1, attempt = 1, accessKeyId }: Session): string =>
	accessKeyId ?? `ASIA${idOf(`${run}.${step}.${attempt}`).slice(0, 16).toUpperCase()}`;
const nameOf = ({ run, step = 1, attempt = 1 }: Session): string => `${run}.${step}.${attempt}`;

export function issueEvent(session: Session, time = '2026-11-20T08:10:00Z'): Record<string, unknown> {
	const name = nameOf(session);
	return {
		eventVersion: '1.08',
		eventID: idOf(`issue ${name} ${time}`),
		eventTime: time,
		eventSource: 'sts.amazonaws.com',
		eventName: 'AssumeRole',
		awsRegion: 'eu-west-1',
		readOnly: true,
		recipientAccountId: account,
		userIdentity: {
			type: 'AssumedRole',
			arn: `arn:aws:sts::${account}:assumed-role/throughline-dev-guard/guard`,
			sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/throughline-dev-guard` } },
		},
		requestParameters: {
			roleArn: `${known.rolePrefix}${roleName}`,
			roleSessionName: name,
			sourceIdentity: session.run,
			durationSeconds: 900,
			tags: [{ key: 'run', value: session.run }],
			policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}]}',
		},
		responseElements: {
			credentials: { accessKeyId: keyOf(session), sessionToken, expiration: 'Nov 20, 2026, 8:25:00 AM' },
			assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/throughline-dev-${roleName}/${name}` },
		},
	};
}

export function useEvent(session: Session, { call = 1, time = '2026-11-20T08:10:02Z' } = {}): Record<string, unknown> {
	const name = nameOf(session);
	return {
		eventVersion: '1.10',
		eventID: idOf(`use ${name} ${call}`),
		eventTime: time,
		eventSource: 's3.amazonaws.com',
		eventName: 'GetObject',
		awsRegion: 'eu-west-1',
		readOnly: true,
		recipientAccountId: account,
		userIdentity: {
			type: 'AssumedRole',
			arn: `arn:aws:sts::${account}:assumed-role/throughline-dev-${roleName}/${name}`,
			accessKeyId: keyOf(session),
			sessionContext: {
				sourceIdentity: session.run,
				sessionIssuer: { type: 'Role', arn: `${known.rolePrefix}${roleName}` },
				attributes: { creationDate: '2026-11-20T08:10:00Z' },
			},
		},
		requestParameters: { bucketName: 'b', key: `k-${call}` },
		responseElements: null,
		resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::b/k-${call}` }],
	};
}

/** An event of somebody else's, as most are. */
export function otherEvent(n: number): Record<string, unknown> {
	return {
		eventVersion: '1.08',
		eventID: idOf(`other ${n}`),
		eventTime: '2026-11-20T08:10:01Z',
		eventSource: 'ec2.amazonaws.com',
		eventName: 'DescribeInstances',
		awsRegion: 'eu-west-1',
		readOnly: true,
		recipientAccountId: account,
		sourceIPAddress: '192.0.2.1',
		userAgent: 'aws-cli/2.17.0 Python/3.11.8 Linux/6.1.0 exe/x86_64.debian.12 prompt/off command/ec2.describe-instances',
		userIdentity: {
			type: 'AssumedRole',
			arn: `arn:aws:sts::${account}:assumed-role/deploy/somebody-${n}`,
			accessKeyId: 'ASIAOTHERSOTHERSOTHE',
			sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/deploy` }, attributes: { mfaAuthenticated: 'false' } },
		},
		requestParameters: {
			instancesSet: { items: Array.from({ length: 8 }, (_, item) => ({ instanceId: `i-0${n}${item}` })) },
			filterSet: {},
		},
		responseElements: null,
	};
}

/** The stream's data, as a subscription writes it. */
export const streamData = (messages: readonly unknown[], messageType = 'DATA_MESSAGE'): string =>
	gzipSync(
		JSON.stringify({
			messageType,
			owner: account,
			logGroup: 'throughline-dev-trail',
			logStream: `${account}_CloudTrail_eu-west-1`,
			subscriptionFilters: ['throughline'],
			logEvents: messages.map((message, index) => ({
				id: String(index),
				timestamp: 1_795_000_000_000,
				message: typeof message === 'string' ? message : JSON.stringify(message),
			})),
		}),
	).toString('base64');

let sequence = 0;
export function streamRecord(data: string): StreamRecord {
	sequence += 1;
	return { stream: 'throughline-dev-trail', shard: 'shardId-000000000000', sequenceNumber: `4966000000000000${sequence}`, data };
}
