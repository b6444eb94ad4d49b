/** CloudTrail's events of the calls that went by, one JSON object a line. On disk, so that memory stays what it is. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Refusal } from './answers.ts';
import { secondsOf, type UserIdentity } from './identities.ts';
import type { Operation } from './operation.ts';
import type { Kept } from './parameters.ts';

export type CloudTrailEvent = {
	readonly eventVersion: string;
	readonly userIdentity: UserIdentity;
	readonly eventTime: string;
	readonly eventSource: string;
	readonly eventName: string;
	readonly awsRegion: string;
	readonly sourceIPAddress: string;
	readonly userAgent: string;
	readonly errorCode?: string;
	readonly errorMessage?: string;
	readonly requestID: string;
	readonly eventID: string;
	readonly eventType: 'AwsApiCall';
	readonly recipientAccountId: string;
	readonly eventCategory: 'Management' | 'Data';
} & Kept;

export type Call = {
	readonly operation: Operation;
	readonly caller: UserIdentity;
	readonly kept: Kept;
	readonly refusal: Refusal | undefined;
	readonly accountId: string;
	readonly userAgent: string;
	readonly requestId: string | undefined;
	/** When it arrived. */
	readonly at: number;
};

/** The names by which CloudTrail calls services that sign under others. */
const sources: Readonly<Record<string, string>> = { email: 'ses', monitoring: 'monitoring', es: 'es' };

export function eventOf({ operation, caller, kept, refusal, accountId, userAgent, requestId, at }: Call): CloudTrailEvent {
	return {
		eventVersion: '1.11',
		userIdentity: caller,
		eventTime: secondsOf(at),
		eventSource: `${sources[operation.service] ?? operation.service}.amazonaws.com`,
		eventName: operation.name,
		awsRegion: operation.region,
		sourceIPAddress: '127.0.0.1',
		userAgent,
		...(refusal && { errorCode: refusal.code, errorMessage: refusal.message }),
		...kept,
		requestID: requestId ?? randomUUID(),
		eventID: randomUUID(),
		eventType: 'AwsApiCall',
		recipientAccountId: accountId,
		eventCategory: kept.managementEvent ? 'Management' : 'Data',
	};
}

export type Recording = { readonly file: string; add(event: CloudTrailEvent): void; close(): Promise<void> };

export function recording(file: string): Recording {
	const out = createWriteStream(file, { flags: 'a' });
	return {
		file,
		add: (event) => void out.write(`${JSON.stringify(event)}\n`),
		close: () => new Promise((resolve) => out.end(resolve)),
	};
}
