/**
 * What CloudTrail keeps of a request and of its answer. The shapes of STS and DynamoDB are those of the samples that this
 * project keeps; no sample shows Step Functions, Lambda's Invoke or S3's objects: those are written as documented, by hand.
 */
import { inXml, longTime } from './answers.ts';
import { attributesOf, transactionItems } from './dynamodb-parameters.ts';
import type { IssuedSession } from './identities.ts';
import type { Operation } from './operation.ts';
import type { Reply } from './upstream.ts';

export type Kept = {
	readonly requestParameters: Readonly<Record<string, unknown>> | null;
	readonly responseElements: Readonly<Record<string, unknown>> | null;
	readonly resources: readonly { accountId: string; type: string; ARN: string }[];
	readonly readOnly: boolean;
	readonly managementEvent: boolean;
};
export type Around = {
	readonly accountId: string;
	/** The key attributes of a table. */
	readonly keyOf: (table: string) => readonly string[];
	readonly session: IssuedSession | undefined;
	readonly reply: Reply | undefined;
};

export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
const TEXT_CHARACTERS = 2_048;

export function keptOf(operation: Operation, around: Around): Kept {
	switch (operation.service) {
		case 'sts':
			return ofSts(operation, around);
		case 'dynamodb':
			return ofDynamoDb(operation, around);
		case 'lambda':
			return ofLambda(operation, around);
		case 's3':
			return ofS3(operation, around);
		case 'states':
			return ofStates(operation, around);
		case 'kms':
			return ofKms(operation, around);
		default:
			return ofOthers(operation);
	}
}

const isReading = (name: string): boolean => /^(Get|List|Describe|Head|Query|Scan|BatchGet|Lookup|TransactGet|Filter|Validate)/.test(name);

function ofSts({ name, input }: Operation, { accountId, session }: Around): Kept {
	const always = { readOnly: true, managementEvent: true };
	if (name !== 'AssumeRole') return { ...always, requestParameters: null, responseElements: null, resources: [] };
	// Refused, CloudTrail keeps nothing of what was asked.
	if (!session) return { ...always, requestParameters: null, responseElements: null, resources: [] };
	const tags = Object.entries(session.tags).map(([key, value]) => ({ key, value }));
	const requestParameters = {
		roleArn: input.RoleArn,
		roleSessionName: input.RoleSessionName,
		...(session.policy !== undefined && { policy: session.policy }),
		...(input.DurationSeconds !== undefined && { durationSeconds: Number(input.DurationSeconds) }),
		...(session.sourceIdentity !== undefined && { sourceIdentity: session.sourceIdentity }),
		...(tags.length > 0 && { tags }),
	};
	const responseElements = {
		// In clear, as CloudTrail has it. Whoever stores it takes it out first.
		credentials: { accessKeyId: session.accessKeyId, sessionToken: session.sessionToken, expiration: longTime(session.expiresAt) },
		assumedRoleUser: { assumedRoleId: session.assumedRoleId, arn: session.arn },
		...(session.sourceIdentity !== undefined && { sourceIdentity: session.sourceIdentity }),
	};
	return { ...always, requestParameters, responseElements, resources: [{ accountId, type: 'AWS::IAM::Role', ARN: session.roleArn }] };
}

const itemCalls = /^(Put|Get|Update|Delete)Item$|^(Batch|Transact)(Get|Write)Items?$|^(Query|Scan)$|Statement$|^ExecuteTransaction$/;

function ofDynamoDb({ name, input, region }: Operation, { accountId, keyOf }: Around): Kept {
	const readOnly = isReading(name);
	if (!itemCalls.test(name))
		return { requestParameters: lowered(input), responseElements: null, resources: [], readOnly, managementEvent: true };
	const items = name.startsWith('Transact') ? transactionItems(input, keyOf) : undefined;
	const tables = items ? items.map((item) => String(item.tableName)) : input.TableName === undefined ? [] : [String(input.TableName)];
	const requestParameters = items
		? { requestItems: items, ...(input.ReturnConsumedCapacity !== undefined && { returnConsumedCapacity: input.ReturnConsumedCapacity }) }
		: attributesOf(input, keyOf);
	const resources = [...new Set(tables)].map((table) => ({
		accountId,
		type: 'AWS::DynamoDB::Table',
		ARN: `arn:aws:dynamodb:${region}:${accountId}:table/${table}`,
	}));
	return { requestParameters, responseElements: null, resources, readOnly, managementEvent: false };
}

function ofLambda({ name, input, region }: Operation, { accountId }: Around): Kept {
	const named = String(input.functionName ?? '');
	const arn = named.startsWith('arn:') ? named : `arn:aws:lambda:${region}:${accountId}:function:${named}`;
	const resources = named === '' ? [] : [{ accountId, type: 'AWS::Lambda::Function', ARN: arn }];
	if (name === 'InvokeFunctionUrl')
		return { requestParameters: input, responseElements: null, resources: [], readOnly: false, managementEvent: false };
	if (name !== 'Invoke')
		return { requestParameters: input, responseElements: null, resources, readOnly: isReading(name), managementEvent: true };
	const requestParameters = { functionName: arn, invocationType: input.invocationType };
	return { requestParameters, responseElements: null, resources, readOnly: false, managementEvent: false };
}

function ofS3({ name, input }: Operation, { accountId }: Around): Kept {
	const bucket = { accountId, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${input.bucketName}` };
	const isObject = input.key !== undefined;
	const object = { type: 'AWS::S3::Object', ARN: `${bucket.ARN}/${input.key}`, accountId };
	return {
		requestParameters: input.bucketName === undefined ? null : input,
		responseElements: null,
		resources: isObject ? [object, bucket] : input.bucketName === undefined ? [] : [bucket],
		readOnly: isReading(name),
		managementEvent: !isObject,
	};
}

function ofStates({ name, input }: Operation, { reply }: Around): Kept {
	const shown = lowered(input);
	const requestParameters = {
		...shown,
		...(shown.input !== undefined && { input: hidden }),
		...(shown.definition !== undefined && { definition: hidden }),
	};
	const executionArn = name === 'StartExecution' && reply?.status === 200 ? inJson(reply, 'executionArn') : undefined;
	const responseElements = executionArn === undefined ? null : { executionArn, startDate: longTime(Date.now()) };
	return { requestParameters, responseElements, resources: [], readOnly: isReading(name), managementEvent: true };
}

/** Named in full, as far as it is asked for so: CloudTrail knows the key behind an alias as well. */
function ofKms(operation: Operation, { accountId }: Around): Kept {
	const { KeyId: ARN } = operation.input;
	const isNamed = typeof ARN === 'string' && ARN.startsWith('arn:');
	return { ...ofOthers(operation), resources: isNamed ? [{ accountId, type: 'AWS::KMS::Key', ARN }] : [] };
}

function ofOthers({ name, input }: Operation): Kept {
	return { requestParameters: lowered(input), responseElements: null, resources: [], readOnly: isReading(name), managementEvent: true };
}

const secrets = /secret|password|token|plaintext|^(event|detail|records?|data|message|value|templateBody|zipFile)$/i;

/** First letters small, long texts cut, and what may be a secret or a payload left out. */
function lowered(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const text = JSON.stringify(input);
	if (text.length > 16 * TEXT_CHARACTERS) return {};
	return Object.fromEntries(
		Object.entries(input)
			.filter(([name]) => name !== 'Action' && name !== 'Version')
			.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), shownOf(name, value)]),
	);
}

function shownOf(name: string, value: unknown): unknown {
	if (secrets.test(name)) return hidden;
	if (typeof value === 'string') return value.slice(0, TEXT_CHARACTERS);
	if (Array.isArray(value)) return value.map((one) => shownOf('', one));
	return typeof value === 'object' && value !== null ? lowered(value as Record<string, unknown>) : value;
}

function inJson(reply: Reply, name: string): unknown {
	const parsed: unknown = JSON.parse(reply.body.toString());
	return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[name] : undefined;
}

/** The session that an answer of AssumeRole issued. */
export function sessionIssued({ input }: Operation, reply: Reply): IssuedSession | undefined {
	const text = reply.body.toString();
	const read = (element: string): string => inXml(text, element) ?? '';
	if (reply.status !== 200) return undefined;
	const tags: Record<string, string> = {};
	for (let n = 1; input[`Tags.member.${n}.Key`] !== undefined; n += 1)
		tags[String(input[`Tags.member.${n}.Key`])] = String(input[`Tags.member.${n}.Value`]);
	const optional = (name: string): string | undefined => (input[name] === undefined ? undefined : String(input[name]));
	return {
		accessKeyId: read('AccessKeyId'),
		secretAccessKey: read('SecretAccessKey'),
		sessionToken: read('SessionToken'),
		roleArn: String(input.RoleArn),
		arn: read('Arn'),
		assumedRoleId: read('AssumedRoleId'),
		sourceIdentity: optional('SourceIdentity'),
		policy: optional('Policy'),
		tags,
		issuedAt: Date.now(),
		expiresAt: Date.parse(read('Expiration')),
	};
}
