/**
 * Who signs with an access key, as CloudTrail would say it. Learnt from what goes by: answers of AssumeRole, keys made
 * for users; and told of functions' own sessions, which the emulator makes without asking STS.
 */
import { createHash } from 'node:crypto';

export type UserIdentity = {
	readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'Unknown';
	readonly principalId?: string;
	readonly arn?: string;
	readonly accountId?: string;
	readonly accessKeyId?: string;
	readonly userName?: string;
	readonly sessionContext?: SessionContext;
};
type SessionContext = {
	readonly sessionIssuer: { type: 'Role'; principalId: string; arn: string; accountId: string; userName: string };
	readonly attributes: { creationDate: string; mfaAuthenticated: 'false' };
	readonly sourceIdentity?: string;
};

export type IssuedSession = {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	readonly roleArn: string;
	/** `arn:aws:sts::account:assumed-role/role/session` */
	readonly arn: string;
	/** `AROA…:session` */
	readonly assumedRoleId: string;
	readonly sourceIdentity: string | undefined;
	readonly policy: string | undefined;
	readonly tags: Readonly<Record<string, string>>;
	readonly issuedAt: number;
	readonly expiresAt: number;
};

/** A session that ended long ago signs nothing any more. */
const SESSIONS_KEPT = 20_000;

export type Identities = {
	of(accessKeyId: string | undefined): UserIdentity;
	issued(session: IssuedSession): void;
	madeUser(user: { accessKeyId: string; userName: string }): void;
	deployed(functions: readonly { arn: string; role: string }[]): void;
	/** The session that a token belongs to: what STS knows, and a service outside can't read off it. */
	byToken(token: string): IssuedSession | undefined;
	/** Sessions issued under a name, as whoever has taken over the tool that holds one has it; the newest last. */
	named(sessionName: string): IssuedSession[];
};

export function identities(accountId: string): Identities {
	const sessions = new Map<string, IssuedSession>();
	const tokens = new Map<string, string>();
	const others = new Map<string, UserIdentity>();
	const rootIdentity: UserIdentity = {
		type: 'Root',
		principalId: accountId,
		arn: `arn:aws:iam::${accountId}:root`,
		accountId,
		accessKeyId: accountId,
	};
	return {
		of: (key) => {
			if (key === accountId) return rootIdentity;
			const session = key === undefined ? undefined : sessions.get(key);
			if (session) return assumed(session, accountId);
			return (key === undefined ? undefined : others.get(key)) ?? { type: 'Unknown', ...(key !== undefined && { accessKeyId: key }) };
		},
		issued: (session) => {
			sessions.set(session.accessKeyId, session);
			tokens.set(session.sessionToken, session.accessKeyId);
			for (const [key, old] of sessions) {
				if (sessions.size <= SESSIONS_KEPT) break;
				sessions.delete(key);
				tokens.delete(old.sessionToken);
			}
		},
		madeUser: ({ accessKeyId, userName }) => {
			const arn = `arn:aws:iam::${accountId}:user/${userName}`;
			others.set(accessKeyId, { type: 'IAMUser', principalId: stableId('AIDA', arn), arn, accountId, accessKeyId, userName });
		},
		deployed: (functions) => {
			for (const { arn, role } of functions) others.set(keyOfFunction(arn, role), ofFunction({ arn, role, accountId }));
		},
		byToken: (token) => sessions.get(tokens.get(token) ?? ''),
		named: (sessionName) => [...sessions.values()].filter(({ arn }) => arn.endsWith(`/${sessionName}`)),
	};
}

function assumed(session: IssuedSession, accountId: string): UserIdentity {
	const [principalId = ''] = session.assumedRoleId.split(':');
	return {
		type: 'AssumedRole',
		principalId: session.assumedRoleId,
		arn: session.arn,
		accountId,
		accessKeyId: session.accessKeyId,
		sessionContext: {
			sessionIssuer: { type: 'Role', principalId, arn: session.roleArn, accountId, userName: session.roleArn.replace(/^.*\//, '') },
			attributes: { creationDate: secondsOf(session.issuedAt), mfaAuthenticated: 'false' },
			...(session.sourceIdentity !== undefined && { sourceIdentity: session.sourceIdentity }),
		},
	};
}

/** MiniStack 1.5.33 derives the key of a function's own session from these two; the tier tests that no caller stays unknown. */
const keyOfFunction = (arn: string, role: string): string =>
	`ASIA${createHash('sha256').update(`${arn}:${role}`).digest('hex').slice(0, 16).toUpperCase()}`;

function ofFunction({ arn, role, accountId }: { arn: string; role: string; accountId: string }): UserIdentity {
	const roleName = role.replace(/^.*\//, '');
	const principalId = stableId('AROA', role);
	const functionName = arn.replace(/^.*:function:/, '');
	return {
		type: 'AssumedRole',
		principalId: `${principalId}:${functionName}`,
		arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${functionName.slice(0, 64)}`,
		accountId,
		accessKeyId: keyOfFunction(arn, role),
		sessionContext: {
			sessionIssuer: { type: 'Role', principalId, arn: role, accountId, userName: roleName },
			// Made when the function was deployed; CloudTrail has the start of its sandbox there.
			attributes: { creationDate: secondsOf(Date.now()), mfaAuthenticated: 'false' },
		},
	};
}

const stableId = (kind: string, of: string): string => `${kind}${createHash('sha256').update(of).digest('hex').slice(0, 17).toUpperCase()}`;
export const secondsOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
