/**
 * CloudTrail events as AWS would log them for sessions of ours, as JSON values. Made by hand after the shapes in
 * `test/data/cloudtrail/`; no real account has logged these.
 */
import { hash } from 'node:crypto';
import type { Known } from '../../core/audit/known.ts';
import type { Credentials, SessionRequest } from '../../core/ports.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const ROLE_PREFIX = `arn:aws:iam::${ACCOUNT}:role/throughline-test-`;
export const LEDGER = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/throughline-test-ledger`;
export const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/throughline-test`;
export const PAYLOADS = 'throughline-test-payloads';
export const known: Known = { rolePrefix: ROLE_PREFIX, ledger: LEDGER, payloads: PAYLOADS, carriers: [TRAIL] };

export type Event = Readonly<Record<string, unknown>>;

/** The same things happening are the same event, so that copies of it have one id. */
const eventID = (...of: readonly unknown[]): string => {
	const hex = hash('sha256', JSON.stringify(of));
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
/** In whole seconds, cut off. */
const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
/** `Jul 10, 2023, 12:30:04 PM` */
const expiration = (at: number): string =>
	new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(at);

const common = (at: number, region: string) => ({
	eventVersion: '1.09',
	eventTime: time(at),
	awsRegion: region,
	sourceIPAddress: '192.0.2.7',
	userAgent: 'aws-sdk-js/3',
	recipientAccountId: ACCOUNT,
	eventType: 'AwsApiCall',
});

export type Issued = { readonly request: SessionRequest; readonly credentials: Credentials };
/** AssumeRole by a guard. */
export function issueEvent({ request, credentials }: Issued, at = credentials.expiresAt - request.durationSeconds * 1000): Event {
	const { role, sessionName, sourceIdentity, tags, policy, durationSeconds } = request;
	const roleArn = `${ROLE_PREFIX}${role}`;
	return {
		...common(at, REGION),
		eventID: eventID('issue', credentials.accessKeyId),
		eventSource: 'sts.amazonaws.com',
		eventName: 'AssumeRole',
		readOnly: true,
		managementEvent: true,
		eventCategory: 'Management',
		userIdentity: {
			type: 'AssumedRole',
			arn: `arn:aws:sts::${ACCOUNT}:assumed-role/throughline-test-guard/throughline-test-guard`,
			accountId: ACCOUNT,
			accessKeyId: 'ASIAGUARDEXAMPLE',
			sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/throughline-test-guard` } },
		},
		requestParameters: {
			roleArn,
			roleSessionName: sessionName,
			sourceIdentity,
			durationSeconds,
			policy,
			tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
		},
		responseElements: {
			sourceIdentity,
			credentials: { ...credentials, expiresAt: undefined, expiration: expiration(credentials.expiresAt) },
			assumedRoleUser: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/throughline-test-${role}/${sessionName}` },
			packedPolicySize: 40,
		},
		resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: roleArn }],
	};
}

export type Called = {
	readonly source: string;
	readonly name: string;
	readonly at: number;
	readonly region?: string;
	readonly error?: string;
	readonly readOnly?: boolean;
	readonly parameters?: Event;
	readonly resources?: readonly string[];
	/** Tells two calls of the same thing at the same second apart. */
	readonly nth?: number;
};
/** A call by a session of ours. */
export function useEvent({ request, credentials }: Issued, called: Called): Event {
	const { source, name, at, region = REGION, error, readOnly = false, parameters = {}, resources = [], nth = 0 } = called;
	const role = `throughline-test-${request.role}`;
	return {
		...common(at, region),
		eventID: eventID('use', credentials.accessKeyId, source, name, at, region, error, parameters, resources, nth),
		eventSource: source,
		eventName: name,
		readOnly,
		managementEvent: false,
		eventCategory: 'Data',
		...(error && { errorCode: error, errorMessage: 'refused' }),
		userIdentity: {
			type: 'AssumedRole',
			principalId: `AROAEXAMPLE:${request.sessionName}`,
			arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${request.sessionName}`,
			accountId: ACCOUNT,
			accessKeyId: credentials.accessKeyId,
			sessionContext: {
				sessionIssuer: { type: 'Role', arn: `${ROLE_PREFIX}${request.role}`, accountId: ACCOUNT, userName: role },
				attributes: { creationDate: time(at), mfaAuthenticated: 'false' },
				sourceIdentity: request.sourceIdentity,
			},
		},
		requestParameters: parameters,
		responseElements: null,
		resources: resources.map((ARN) => ({ accountId: ACCOUNT, ARN })),
	};
}

/** A call by somebody else, an administrator by default. */
export function otherEvent(called: Called, by = `arn:aws:iam::${ACCOUNT}:role/admin`): Event {
	const { source, name, at, region = REGION, error, readOnly = false, parameters = {}, resources = [] } = called;
	return {
		...common(at, region),
		eventID: eventID('other', by, source, name, at, parameters),
		eventSource: source,
		eventName: name,
		readOnly,
		...(error && { errorCode: error }),
		userIdentity: {
			type: 'AssumedRole',
			arn: `${by.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/mallory`,
			accessKeyId: 'ASIAMALLORYEXAMPLE',
			sessionContext: { sessionIssuer: { type: 'Role', arn: by } },
		},
		requestParameters: parameters,
		responseElements: null,
		resources: resources.map((ARN) => ({ accountId: ACCOUNT, ARN })),
	};
}

/** The guard's commit under its own session: the outcome's entry and the tool's writes. */
export const commitEvent = (issued: Issued, at: number, { run, place }: { run: string; place: number }): Event =>
	useEvent(issued, {
		source: 'dynamodb.amazonaws.com',
		name: 'TransactWriteItems',
		at,
		parameters: {
			requestItems: [
				{
					operation: 'Put',
					tableName: LEDGER.split('/')[1],
					key: { pk: `run#${run}`, sk: String(place).padStart(9, '0') },
					items: ['pk', 'sk', 'body'],
					conditionExpression: 'attribute_not_exists(sk)',
				},
			],
		},
		resources: [LEDGER],
	});
