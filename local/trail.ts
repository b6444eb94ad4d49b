/**
 * The local trail: what issuer and services have seen, one CloudTrail-shaped event a line, in files of their own under the
 * state directory. Whoever tells something appends whole lines; nobody changes one.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Known } from '../core/audit/known.ts';
import type { Credentials, SessionRequest } from '../core/ports.ts';

/** One machine is in no account and no region; events need both. */
const ACCOUNT = '000000000000';
export const localRegion = 'local';
export const localKnown: Known = { rolePrefix: `arn:aws:iam::${ACCOUNT}:role/` };

export const trailDirectory = (directory: string): string => join(directory, 'trail');
const ISSUES = 'issuer.ndjson';

export type Trail = {
	/** Before anybody holds the credentials: what was handed out has been seen. */
	issued(guard: string, request: SessionRequest, credentials: Credentials): void;
	refused(guard: string, role: string): void;
};

/** Opens the part of the trail that the credential broker tells. No line of it holds a secret (A3). */
export function openTrail(directory: string, now: () => number): Trail {
	const path = trailDirectory(directory);
	mkdirSync(path, { recursive: true, mode: 0o700 });
	const tell = (guard: string, more: Record<string, unknown>): void => {
		const event = {
			eventVersion: '1.11',
			eventID: randomUUID(),
			eventTime: new Date(now()).toISOString(),
			eventSource: 'sts.amazonaws.com',
			eventName: 'AssumeRole',
			awsRegion: localRegion,
			readOnly: true,
			recipientAccountId: ACCOUNT,
			userIdentity: {
				type: 'AssumedRole',
				arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${guard}/${guard}`,
				sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${guard}` } },
			},
			...more,
		};
		// One write a line: several hosts share the file. Not synced: power that fails takes what it pins along, and that is told as a gap.
		appendFileSync(join(path, ISSUES), `${JSON.stringify(event)}\n`, { mode: 0o600 });
	};
	return {
		issued: (guard, { role, sessionName, sourceIdentity, tags, policy, durationSeconds }, { accessKeyId, expiresAt }) =>
			tell(guard, {
				requestParameters: {
					roleArn: `${localKnown.rolePrefix}${role}`,
					roleSessionName: sessionName,
					sourceIdentity,
					durationSeconds,
					policy,
					tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
				},
				responseElements: { credentials: { accessKeyId, expiration: new Date(expiresAt).toISOString() } },
			}),
		refused: (guard, role) =>
			tell(guard, {
				errorCode: 'AccessDenied',
				errorMessage: `${guard} may not assume ${role}`,
				requestParameters: null,
				responseElements: null,
			}),
	};
}

/** Whole lines of every file of the trail from where a reading left off. `half`: bytes of a line that has no end yet. */
export type TrailPart = { readonly file: string; readonly lines: readonly string[]; readonly next: number; readonly half: number };

const NEWLINE = 10;

/** @param from bytes of each file that were read before; more than it has now means that it was made anew. */
export function readTrail(directory: string, from: Readonly<Record<string, number>> = {}): TrailPart[] {
	const path = trailDirectory(directory);
	return filesIn(path).map((file) => {
		const descriptor = openSync(join(path, file), 'r');
		try {
			const { size } = fstatSync(descriptor);
			const start = (from[file] ?? 0) <= size ? (from[file] ?? 0) : 0;
			const bytes = Buffer.alloc(size - start);
			const read = readSync(descriptor, bytes, 0, bytes.length, start);
			const whole = bytes.subarray(0, read).lastIndexOf(NEWLINE) + 1;
			const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
			return { file, lines, next: start + whole, half: read - whole };
		} finally {
			closeSync(descriptor);
		}
	});
}

function filesIn(path: string): string[] {
	try {
		return readdirSync(path)
			.filter((name) => name.endsWith('.ndjson'))
			.sort();
	} catch {
		return [];
	}
}
