/**
 * What a service has seen, told as CloudTrail tells what AWS has seen: one event a line, in a file beside the caller's own
 * record. It is made from the journal, whole again at every start, so a service that is killed between the two tells no less.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from './journal.ts';
import type { By } from './session.ts';

/** One call, as far as a trail tells it: what it was about, never what it said. */
export type Call = {
	readonly name: string;
	readonly readOnly: boolean;
	/** Names and keys that tell one call from another. */
	readonly request: Readonly<Record<string, string>>;
	/** Why it was refused. */
	readonly error?: string;
};
type Line = { readonly at: number; readonly by?: By };

/** Services here are in no account; events need one. */
const ACCOUNT = '000000000000';

/** The same journal, whose every line is told in `directory` too; without one, nothing is. */
export function trailed<L extends Line>(
	journal: Journal<L>,
	{ directory, service, callOf }: { directory: string | undefined; service: string; callOf: (line: L) => Call | undefined },
): Journal<L> {
	if (directory === undefined) return journal;
	const text = (line: L): string => {
		const call = callOf(line);
		return call ? `${JSON.stringify(eventOf(service, line, call))}\n` : '';
	};
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const file = join(directory, `${service}.ndjson`);
	writeFileSync(`${file}.${process.pid}`, journal.past.map(text).join(''), { mode: 0o600 });
	renameSync(`${file}.${process.pid}`, file);
	const descriptor = openSync(file, 'a');
	return {
		...journal,
		append: (line) => {
			journal.append(line);
			writeSync(descriptor, text(line));
		},
	};
}

function eventOf(service: string, line: Line, { name, readOnly, request, error }: Call): Record<string, unknown> {
	const who = line.by;
	const role = who?.role === undefined ? undefined : `arn:aws:iam::${ACCOUNT}:role/${who.role}`;
	return {
		eventVersion: '1.11',
		// The same line is the same event, however often it is told.
		eventID: createHash('sha256')
			.update(`${service} ${JSON.stringify(line)}`)
			.digest('hex')
			.slice(0, 36),
		eventTime: new Date(line.at).toISOString(),
		eventSource: `${service}.refund-desk`,
		eventName: name,
		awsRegion: 'local',
		readOnly,
		recipientAccountId: ACCOUNT,
		userIdentity: who
			? {
					type: 'AssumedRole',
					...(who.role !== undefined && { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${who.role}/${who.sessionName}` }),
					accessKeyId: who.accessKeyId,
					sessionContext: {
						sourceIdentity: who.sourceIdentity ?? null,
						sessionIssuer: role === undefined ? null : { type: 'Role', arn: role },
					},
				}
			: { type: 'Unknown' },
		requestParameters: request,
		responseElements: null,
		...(error !== undefined && { errorCode: error }),
	};
}
