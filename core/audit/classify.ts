/** Whose an event is: a session's of ours, one that touches our record or our trail, or nobody's whom we know. */
import { type EpochMs, epochMs, runId } from '../ids.ts';
import { type CloudTrailEvent, clean } from './event-shape.ts';
import { issueOf } from './issue.ts';
import { type Known, kindOf, ownRole } from './known.ts';
import { recordChange } from './record-change.ts';
import { requestOf } from './request.ts';
import { trailChange } from './trail-change.ts';
import { atLarge, type Copy, parseSessionName, type SessionSeen, type Witness } from './witness.ts';

/**
 * Classes of events that are not kept. `refused-issue`: an AssumeRole that was denied says nothing of what was asked for.
 * `own-record`: our functions reading and appending, as they do. `other-role`: a session of a role that is not ours.
 */
export const elsewhere = ['refused-issue', 'own-record', 'other-role', 'other-trail', 'other-principal'] as const;
export type Elsewhere = (typeof elsewhere)[number];
export type Classified = { readonly witness: Witness } | { readonly class: Elsewhere };

export function classify(event: CloudTrailEvent, known: Known, copy: Copy): Classified {
	const envelope = {
		v: 1 as const,
		eventID: event.eventID,
		at: timeOf(event.eventTime),
		source: event.eventSource,
		name: event.eventName,
		region: event.awsRegion.slice(0, 64),
		account: short(event.recipientAccountId ?? '', 64),
		readOnly: event.readOnly === true,
		error: event.errorCode ? short(event.errorCode, 128) : null,
		copy,
	};
	if (event.eventSource === 'sts.amazonaws.com' && event.eventName.startsWith('AssumeRole')) {
		const issue = issueOf(event, known);
		if (issue) return { witness: { ...envelope, ...issue, kind: 'issue', about: aboutOf(issue.session, known) } };
		if (!userOf(event, known)) return { class: envelope.error !== null && !event.requestParameters ? 'refused-issue' : 'other-role' };
	}
	const session = userOf(event, known);
	if (session) {
		return { witness: { ...envelope, kind: 'use', about: aboutOf(session, known), session, ...requestOf(event) } };
	}
	const by = callerOf(event);
	const coverage = trailChange(event, known);
	if (coverage === 'other') return { class: 'other-trail' };
	if (coverage) return { witness: { ...envelope, kind: 'trail', about: atLarge.trail, coverage, by } };
	const change = recordChange(event, known);
	if (change === 'own') return { class: 'own-record' };
	if (change) return { witness: { ...envelope, ...change, kind: 'record', by } };
	return { class: event.userIdentity?.type === 'AssumedRole' ? 'other-role' : 'other-principal' };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const timeOf = (time: string): EpochMs => epochMs.parse(Math.max(0, Date.parse(time)));
const short = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** Who acted: the role behind a session, or the principal itself. */
function callerOf({ userIdentity }: CloudTrailEvent): string | null {
	const arn = userIdentity?.sessionContext?.sessionIssuer?.arn ?? userIdentity?.arn ?? userIdentity?.invokedBy;
	return arn ? short(arn, 512) : null;
}

/** The session of ours that made this call; `undefined` when it was none. */
function userOf({ userIdentity }: CloudTrailEvent, known: Known): SessionSeen | undefined {
	if (!userIdentity) return undefined;
	const { arn, accessKeyId, sessionContext, invokedBy } = userIdentity;
	const assumed = /^arn:[\w-]+:sts::\d*:assumed-role\/([^/]{1,64})\/([^/]{1,64})$/.exec(arn ?? '');
	const [, assumedRole, sessionName] = assumed ?? [];
	const role = ownRole(sessionContext?.sessionIssuer?.arn ?? null, known) ?? ownAssumed(arn ?? null, assumedRole, known);
	const key = accessKeyId ? short(accessKeyId, 128) : null;
	if (role === undefined && (key === null || known.runOf?.(key) === undefined)) return undefined;
	return {
		accessKeyId: key,
		role: role ?? '',
		kind: kindOf(role),
		sessionName: sessionName ?? null,
		sourceIdentity: sessionContext?.sourceIdentity ? short(sessionContext.sourceIdentity, 128) : null,
		invokedBy: invokedBy ? short(invokedBy, 128) : null,
	};
}

/** An event that names no issuer names the role in the session's own ARN, of this account and without its path. */
function ownAssumed(arn: string | null, role: string | undefined, known: Known): string | undefined {
	const [, account] = /^arn:[\w-]+:iam::(\d*):role\//.exec(known.rolePrefix) ?? [];
	if (role === undefined || account === undefined || arn?.split(':')[4] !== account) return undefined;
	return ownRole(`${known.rolePrefix.slice(0, known.rolePrefix.lastIndexOf('/') + 1)}${role}`, known);
}

/** The source identity can't be changed by whoever holds the session, so it goes before the name; the key tells the rest. */
function aboutOf({ sourceIdentity, sessionName, accessKeyId }: SessionSeen, known: Known): string {
	const named = sessionName === null ? undefined : parseSessionName(sessionName)?.run;
	const run = sourceIdentity ?? named ?? (accessKeyId === null ? undefined : known.runOf?.(accessKeyId));
	return runId.safeParse(run).success && run !== undefined ? clean(run) : atLarge.unplaced;
}
