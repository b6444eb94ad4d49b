/** What a deployment knows of itself: by this its own sessions, its record and its trail are told from all others. */
import { type RoleKind, roleKinds } from '../ids.ts';

export type Known = {
	/** Everything of a role's ARN before the name that core has for it. No other deployment shares it. */
	readonly rolePrefix: string;
	/** The ARN of the ledger's table, if data events of it are seen. */
	readonly ledger?: string;
	/** The bucket of payloads, by its name. */
	readonly payloads?: string;
	/** What carries events to us, by ARN: the trail, the log group, the stream, the bucket of its files. Names are told from the ARNs. */
	readonly carriers?: readonly string[];
	/** What the trail has to see data events of: ARNs, or what they begin with. Without it no change of its selectors is known to see all. */
	readonly watched?: readonly string[];
	/** The run of a session by its access key alone, for events that name neither role nor session. */
	readonly runOf?: (accessKeyId: string) => string | undefined;
};

/** Types of data events by the services of ARNs; other services have management events only. */
export const dataTypes: Readonly<Record<string, string>> = {
	s3: 'AWS::S3::Object',
	dynamodb: 'AWS::DynamoDB::Table',
	lambda: 'AWS::Lambda::Function',
	sqs: 'AWS::SQS::Queue',
	sns: 'AWS::SNS::Topic',
};

/** Functions whose own events are left out of the trail: each that they take in would be one more. */
export const selfFeeding = ['ingest', 'backfill', 'archive'] as const;

/** A tool's roles alone are ours here: guards and other functions act in their own name, and write the ledger that says so. */
export function ownRole(arn: string | null | undefined, { rolePrefix }: Known): string | undefined {
	if (!arn?.startsWith(rolePrefix)) return undefined;
	const name = arn.slice(rolePrefix.length);
	return /^[a-z][\w-]{0,63}$/.test(name) && kindOf(name) ? name : undefined;
}

export const kindOf = (role: string | undefined): RoleKind | null => roleKinds.find((kind) => role?.endsWith(`-${kind}`)) ?? null;
