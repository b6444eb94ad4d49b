/** Templates with every reference in them replaced by the name or ARN that a deployment would give it. */
import type { Resource, Template, Templates } from './synthesized.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const pseudo: Record<string, string> = {
	'AWS::AccountId': ACCOUNT,
	'AWS::Region': REGION,
	'AWS::Partition': 'aws',
	'AWS::URLSuffix': 'amazonaws.com',
};

/** A resource as deployed. `at` is its logical id. */
export type Deployed = {
	readonly at: string;
	readonly type: string;
	readonly name: string;
	readonly arn: string;
	readonly properties: Properties;
};
export type Properties = { readonly [name: string]: unknown };

/** @throws Error for a reference that leads nowhere, or of a kind that this does not know. */
export function resolved({ ledger, runtime, audit }: Templates): Deployed[] {
	const exports = new Map<string, unknown>();
	const all = [ledger, runtime, audit].flatMap((template) => {
		const values = Object.entries(template.Resources).map(([at, resource]): Deployed => {
			const name = nameOf(at, resource);
			const properties = (resolve(resource.Properties ?? {}, template, exports) ?? {}) as Properties;
			return { at, type: resource.Type, name, arn: arnOf(resource.Type, name), properties };
		});
		for (const output of Object.values(template.Outputs ?? {})) {
			if (output.Export) exports.set(output.Export.Name, resolve(output.Value, template, exports));
		}
		return values;
	});
	return all;
}

const namedBy = ['StreamName', 'TrailName', 'LogGroupName', 'FunctionName', 'RoleName', 'StateMachineName', 'QueueName'];

function nameOf(at: string, { Type, Properties = {} }: Resource): string {
	const given = namedBy.map((property) => Properties[property]).find((value) => typeof value === 'string');
	return typeof given === 'string' ? given : Type === 'AWS::S3::Bucket' ? at.toLowerCase() : at;
}

function arnOf(type: string, name: string): string {
	switch (type) {
		case 'AWS::IAM::Role':
			return `arn:aws:iam::${ACCOUNT}:role/${name}`;
		case 'AWS::IAM::ManagedPolicy':
			return `arn:aws:iam::${ACCOUNT}:policy/${name}`;
		case 'AWS::Lambda::Function':
			return arn('lambda', `function:${name}`);
		case 'AWS::DynamoDB::Table':
			return arn('dynamodb', `table/${name}`);
		case 'AWS::S3::Bucket':
			return `arn:aws:s3:::${name}`;
		case 'AWS::SQS::Queue':
			return arn('sqs', name);
		case 'AWS::KMS::Key':
			return arn('kms', `key/${name}`);
		case 'AWS::Kinesis::Stream':
			return arn('kinesis', `stream/${name}`);
		case 'AWS::Logs::LogGroup':
			return arn('logs', `log-group:${name}:*`);
		case 'AWS::StepFunctions::StateMachine':
			return arn('states', `stateMachine:${name}`);
		case 'AWS::Events::Rule':
			return arn('events', `rule/${name}`);
		default:
			return `${type}/${name}`;
	}
}

/** These are referred to by their ARN. */
const arnByRef = new Set(['AWS::IAM::ManagedPolicy', 'AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic']);

function resolve(value: unknown, template: Template, exports: ReadonlyMap<string, unknown>): unknown {
	if (Array.isArray(value)) return value.map((part) => resolve(part, template, exports));
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value);
	const [[key, given] = ['', undefined]] = entries;
	if (entries.length !== 1 || !(key === 'Ref' || key.startsWith('Fn::'))) {
		return Object.fromEntries(entries.map(([name, part]) => [name, resolve(part, template, exports)]));
	}
	return intrinsic(key, given, { template, exports });
}

type Where = { readonly template: Template; readonly exports: ReadonlyMap<string, unknown> };

function intrinsic(key: string, given: unknown, { template, exports }: Where): unknown {
	const there = (at: string): Resource => {
		const resource = template.Resources[at];
		if (!resource) throw new Error(`${key} ${at} leads nowhere`);
		return resource;
	};
	switch (key) {
		case 'Ref': {
			const at = String(given);
			if (pseudo[at] !== undefined) return pseudo[at];
			const resource = there(at);
			return arnByRef.has(resource.Type) ? arnOf(resource.Type, nameOf(at, resource)) : nameOf(at, resource);
		}
		case 'Fn::GetAtt': {
			const [at, attribute] = given as [string, string];
			const resource = there(at);
			return attribute === 'Arn' ? arnOf(resource.Type, nameOf(at, resource)) : `${nameOf(at, resource)}.${attribute}`;
		}
		case 'Fn::Join': {
			const [between, parts] = given as [string, unknown[]];
			return parts.map((part) => String(resolve(part, template, exports))).join(between);
		}
		case 'Fn::Sub':
			return String(given).replaceAll(/\$\{([^}]+)\}/g, (_, at: string) => String(intrinsic('Ref', at, { template, exports })));
		case 'Fn::ImportValue': {
			const value = exports.get(String(given));
			if (value === undefined) throw new Error(`nothing is exported as ${String(given)}`);
			return value;
		}
		default:
			throw new Error(`${key} is not known here`);
	}
}
