/** Joins what was seen of each session, its issue and its calls, to what the ledger says of it. One pass over each. */
import type { GrantSeen, LedgerSeen } from './ledger-seen.ts';
import { parseSessionName, type SessionName, type SessionSeen, type Witness, type WitnessOf } from './witness.ts';

export type SessionJoined = {
	/** Its access key; its name, for calls that came without. */
	readonly id: string;
	readonly seen: SessionSeen | undefined;
	readonly name: SessionName | undefined;
	readonly grant: GrantSeen | undefined;
	issue: WitnessOf<'issue'> | undefined;
	/** In order of time. */
	readonly uses: WitnessOf<'use'>[];
};

export type Joined = {
	readonly sessions: ReadonlyMap<string, SessionJoined>;
	readonly records: readonly WitnessOf<'record'>[];
	/** AssumeRole that was refused after all; nothing began. */
	readonly refused: readonly WitnessOf<'issue'>[];
};

/** @param witnesses in order of time, each once. */
export function joinSessions(ledger: LedgerSeen, witnesses: readonly Witness[]): Joined {
	const sessions = new Map<string, SessionJoined>();
	const records: WitnessOf<'record'>[] = [];
	const refused: WitnessOf<'issue'>[] = [];
	const byName = new Map<string, GrantSeen>();
	for (const grant of ledger.grants.values()) {
		byName.set(`${grant.kind} ${ledger.run}.${grant.step}.${grant.attempt}`, grant);
		sessions.set(grant.accessKeyId, { id: grant.accessKeyId, seen: undefined, name: undefined, grant, issue: undefined, uses: [] });
	}
	const sessionOf = (seen: SessionSeen): SessionJoined => {
		// Several sessions may have one name; a call without a key is taken to be of the one that was recorded.
		const id = seen.accessKeyId ?? byName.get(`${seen.kind} ${seen.sessionName}`)?.accessKeyId ?? `session named ${seen.sessionName}`;
		const known = sessions.get(id);
		if (known?.seen) return known;
		const name = seen.sessionName === null ? undefined : parseSessionName(seen.sessionName);
		const session = { id, seen, name, grant: known?.grant, issue: undefined, uses: known?.uses ?? [] };
		sessions.set(id, session);
		return session;
	};
	for (const one of witnesses) {
		if (one.kind === 'record') records.push(one);
		if (one.kind === 'use') sessionOf(one.session).uses.push(one);
		if (one.kind === 'issue' && (one.error !== null || one.session.accessKeyId === null)) refused.push(one);
		else if (one.kind === 'issue') sessionOf(one.session).issue ??= one;
	}
	return { sessions, records, refused };
}

/** In order of time, each event once: the copies of an event say the same, and the store keeps the first. */
export function inOrder(witnesses: Iterable<Witness>): Witness[] {
	const once = new Map<string, Witness>();
	for (const one of witnesses) if (!once.has(one.eventID)) once.set(one.eventID, one);
	return [...once.values()].sort((left, right) => left.at - right.at || (left.eventID < right.eventID ? -1 : 1));
}

export const succeeded = (uses: readonly WitnessOf<'use'>[]): WitnessOf<'use'>[] => uses.filter(({ error }) => error === null);
