/** Taking CloudTrail's events off the stream: inflating, parsing, telling ours from others', keeping witnesses in memory. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { memoryAudit } from '../adapters/memory/audit.ts';
import { ingest, type StreamRecord } from '../functions/ingest/ingest.ts';
import { median } from './quantiles.ts';

const ROUNDS = 5;
const EVENTS_PER_RECORD = 50;
const rolePrefix = 'arn:aws:iam::111122223333:role/throughline-dev-';

/** About 1.3 KB each, as calls to AWS are. `ours` of a hundred are of a session of ours. */
function event(n: number, ours: number): object {
	const own = n % 100 < ours;
	const role = own ? 'throughline-dev-refund-desk_orders_find-access' : 'deploy';
	return {
		eventVersion: '1.10',
		userIdentity: {
			type: 'AssumedRole',
			principalId: `AROAEXAMPLEEXAMPLE:run-${n % 977}.1.1`,
			arn: `arn:aws:sts::111122223333:assumed-role/${role}/run-${n % 977}.1.1`,
			accountId: '111122223333',
			accessKeyId: `ASIA${createHash('sha256')
				.update(String(n % 977))
				.digest('hex')
				.slice(0, 16)
				.toUpperCase()}`,
			sessionContext: {
				sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEEXAMPLE', arn: `arn:aws:iam::111122223333:role/${role}`, userName: role },
				attributes: { creationDate: '2026-11-20T08:10:00Z', mfaAuthenticated: 'false' },
				...(own && { sourceIdentity: `run-${n % 977}` }),
			},
		},
		eventTime: '2026-11-20T08:10:02Z',
		eventSource: 'dynamodb.amazonaws.com',
		eventName: 'GetItem',
		awsRegion: 'eu-west-1',
		sourceIPAddress: '192.0.2.17',
		userAgent: 'aws-sdk-js/3.1164.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.21.0 api/dynamodb#3.1164.0 m/N,E,e',
		requestParameters: { tableName: 'orders', key: { id: `o-${n}` }, consistentRead: true },
		responseElements: null,
		requestID: `REQUEST${n}`,
		eventID: createHash('sha256').update(`event ${n}`).digest('hex').slice(0, 36),
		readOnly: true,
		resources: [{ accountId: '111122223333', type: 'AWS::DynamoDB::Table', ARN: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' }],
		apiVersion: '2012-08-10',
		managementEvent: false,
		recipientAccountId: '111122223333',
		eventCategory: 'Data',
		tlsDetails: {
			tlsVersion: 'TLSv1.3',
			cipherSuite: 'TLS_AES_128_GCM_SHA256',
			clientProvidedHostHeader: 'dynamodb.eu-west-1.amazonaws.com',
		},
	};
}

function recordsOf(events: number, ours: number): StreamRecord[] {
	return Array.from({ length: events / EVENTS_PER_RECORD }, (_, record) => {
		const logEvents = Array.from({ length: EVENTS_PER_RECORD }, (_, index) => ({
			id: String(index),
			timestamp: 1,
			message: JSON.stringify(event(record * EVENTS_PER_RECORD + index, ours)),
		}));
		const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents })).toString('base64');
		return { stream: 'bench', shard: 'shard', sequenceNumber: String(record), data };
	});
}

async function perSecond(records: readonly StreamRecord[], events: number): Promise<number> {
	const times: number[] = [];
	for (let round = 0; round < ROUNDS + 1; round += 1) {
		const { witnesses } = memoryAudit();
		const begun = performance.now();
		const { failed } = await ingest(records, {
			witnesses,
			poison: { put: async () => Promise.reject(new Error('an event of the benchmark can not be read')) },
			known: { rolePrefix },
			log: ({ message }) => {
				throw new Error(message);
			},
			remainingMs: () => 600_000,
		});
		if (failed.length > 0) throw new Error('records failed');
		if (round > 0) times.push(performance.now() - begun);
	}
	return (events * 1000) / median(times);
}

/** One event in twenty is ours, as in an account that does other things too; and every one, as in one that does nothing else. */
export async function benchIngest({ events }: { events: number }) {
	const some = recordsOf(events, 5);
	return {
		events,
		bytesPerEvent: JSON.stringify(event(1, 5)).length,
		fewOursPerSecond: await perSecond(some, events),
		tenthOfThemPerSecond: await perSecond(some.slice(0, some.length / 10), events / 10),
		allOursPerSecond: await perSecond(recordsOf(events, 100), events),
	};
}
