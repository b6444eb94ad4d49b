/** What each session was issued for, what it did, and whether the ledger says so (A1, I1, I2). */
import type { Candidate } from './candidate.ts';
import { type Trust, touching } from './chain-evidence.ts';
import type { GrantSeen, LedgerSeen } from './ledger-seen.ts';
import type { Note } from './note.ts';
import { plausible } from './plausible-issue.ts';
import { type SessionJoined, succeeded } from './sessions.ts';
import type { Expectation } from './sight.ts';
import { gapAt, SLACK_MS, type Terms } from './terms.ts';
import type { Watermark } from './watermark.ts';
import { outside } from './within-grant.ts';
import type { WitnessOf } from './witness.ts';

export type Weighing = {
	readonly ledger: LedgerSeen;
	readonly trust: Trust;
	readonly terms: Terms;
	/** Until when, and outside of which gaps, absence counts. */
	readonly watermark: Watermark;
	readonly expected: ReadonlyMap<number, Expectation>;
	readonly candidates: Candidate[];
	readonly notes: Note[];
};

export function sessionEvidence(session: SessionJoined, weighing: Weighing): void {
	const refused = session.uses.filter(({ error }) => error !== null);
	if (refused.length > 0) weighing.notes.push(noteOf('refused-call', session, refused, `${refused.length} calls were refused`));
	if (session.grant) granted(session, session.grant, weighing);
	else undecided(session, weighing);
}

const noteOf = (kind: Note['kind'], { id, name, grant }: SessionJoined, events: readonly { eventID: string }[], why: string): Note => ({
	kind,
	why,
	session: id,
	step: grant?.step ?? name?.step ?? null,
	events: events.slice(0, EVENTS_NAMED).map(({ eventID }) => eventID),
});
const EVENTS_NAMED = 16;

function granted(session: SessionJoined, grant: GrantSeen, weighing: Weighing): void {
	const { ledger, trust, terms, candidates, notes, expected } = weighing;
	const { issue } = session;
	const touches = [`session ${session.id}`, `step ${grant.step}`, ...touching(trust, [grant.entry.place], session.id)];
	const found = (why: string, events: readonly WitnessOf<'use' | 'issue'>[]): void =>
		void candidates.push({
			kind: 'outside-grant',
			cause: `session ${session.id}`,
			why,
			touches,
			places: [grant.entry.place],
			events,
			witnessed: true,
		});
	if (!issue) unseen(session, grant, weighing, touches);
	else {
		const otherwise = issuedOtherwise(ledger, grant, issue);
		if (otherwise) found(otherwise, [issue]);
	}
	const bounds = {
		notAfter: grant.grant?.notAfter ?? issue?.expiresAt ?? undefined,
		allows: issue?.allows ?? undefined,
		expected: expected.get(grant.step),
		regions: terms.regions,
	};
	const unchecked: WitnessOf<'use'>[] = [];
	for (const use of succeeded(session.uses)) {
		const lies = outside(use, bounds);
		if (lies?.is === 'outside') found(lies.why, [use]);
		if (lies?.is === 'unchecked') unchecked.push(use);
	}
	if (unchecked.length > 0)
		notes.push(
			noteOf('unchecked-call', session, unchecked, `${unchecked.length} calls name nothing that could be compared with the grant`),
		);
}

/** AWS issues no session without logging it: an issue that nobody has seen is a hole in what was seen, or was never made. */
function unseen(session: SessionJoined, grant: GrantSeen, { watermark, candidates, notes }: Weighing, touches: readonly string[]): void {
	const { at, place } = grant.entry;
	if (at + SLACK_MS > watermark.until) notes.push(noteOf('too-recent', session, [], 'its issue may still come'));
	else if (gapAt(watermark.gaps, at - SLACK_MS, at + SLACK_MS)) notes.push(noteOf('in-a-gap', session, [], 'its issue fell into a gap'));
	else {
		candidates.push({
			kind: 'witness-gap',
			cause: 'sessions never seen',
			why: 'sessions that the ledger granted were never seen to be issued',
			touches,
			places: [place],
			events: [],
			witnessed: true,
		});
	}
}

/** Where the session that AWS issued is not the one that was recorded. */
function issuedOtherwise(ledger: LedgerSeen, { grant, step, attempt, kind }: GrantSeen, issue: WitnessOf<'issue'>): string | undefined {
	const { session, tags } = issue;
	const differs = [
		session.sessionName !== `${ledger.run}.${step}.${attempt}` && 'name',
		session.sourceIdentity !== ledger.run && 'source identity',
		session.kind !== kind && 'kind of role',
		grant !== undefined && session.role !== grant.role && 'role',
		grant !== undefined && issue.policyDigest !== grant.policyDigest && 'session policy',
		(tags.run !== ledger.run ||
			tags.step !== String(step) ||
			tags.attempt !== attempt ||
			(ledger.agent !== undefined && tags.agent !== ledger.agent)) &&
			'tags',
	].filter((one) => one !== false);
	return differs.length > 0 ? `the session was issued with another ${differs.join(', ')} than the ledger says` : undefined;
}

/** A session that the ledger does not name. A guard that dies, or loses its place, before its decision lands leaves one that nobody holds. */
function undecided(session: SessionJoined, { ledger, trust, candidates, notes }: Weighing): void {
	const { issue, uses } = session;
	const used = succeeded(uses);
	const odd = issue ? plausible(ledger, session) : undefined;
	if (used.length === 0 && odd === undefined) {
		if (issue) notes.push(noteOf('unused-session', session, [issue], 'issued, never used: its decision never landed'));
		return;
	}
	const head = ledger.heads.get(issue?.tags.head ?? '');
	// Its decision would stand right after the head it was tagged with.
	const places = head === undefined ? [] : [head + 1];
	const beyond = head !== undefined && head >= trust.good ? ['chain'] : [];
	candidates.push({
		kind: 'unattributed-action',
		cause: `session ${session.id}`,
		why: odd ?? `${used.length} calls under a session that no decision grants`,
		touches: [`session ${session.id}`, ...touching(trust, places, session.id), ...beyond],
		places: head === undefined || head < 0 ? [] : [head],
		events: [...(issue ? [issue] : []), ...used],
		witnessed: true,
	});
}
