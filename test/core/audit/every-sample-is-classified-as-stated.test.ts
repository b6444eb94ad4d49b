/** Real and documented events: each parses, and is ours, another's or nobody's as this table says. */
import { expect, test } from 'vitest';
import { type Reading, readEventText } from '../../../core/audit/event.ts';
import type { Known } from '../../../core/audit/known.ts';
import { witness } from '../../../core/audit/witness.ts';
import { samples } from './samples.ts';

const ACCOUNT = '123837392027';
/** As if this were our account: one of its trails were ours, and the table of the examples our ledger. */
const known: Known = {
	rolePrefix: `arn:aws:iam::${ACCOUNT}:role/throughline-test-`,
	ledger: 'arn:aws:dynamodb:us-west-2:123456789012:table/Music',
	carriers: [`arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/stratus-red-team-ctlr-trail-zqfsvooxqj`],
};

const classOf = (reading: Reading): string => {
	if (reading.is === 'witness') return `${reading.witness.kind} ${reading.witness.name}`;
	return reading.is === 'not-ours' ? reading.class : `poison: ${reading.why}`;
};

function tally(texts: readonly string[], by: Known = known): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const text of texts) {
		const of = classOf(readEventText(text, by, 'files'));
		counts[of] = (counts[of] ?? 0) + 1;
	}
	return counts;
}

test('a real account', () => {
	expect(tally(samples.account)).toEqual({
		// Users, services, and events that name nobody.
		'other-principal': 316,
		// An AssumeRole that was denied has no parameters: nothing says what was asked for.
		'refused-issue': 13,
		// Sessions, and issues, of roles that are not ours.
		'other-role': 112,
		// Changes of trails that are not ours, and one of ours that was refused.
		'other-trail': 12,
		'trail CreateTrail': 1,
		'trail StartLogging': 1,
		'trail DeleteTrail': 1,
	});
});

test("one of CloudTrail's own log files", () => {
	expect(tally(samples.logFile)).toEqual({ 'other-principal': 13 });
});

test('the examples of the documentation', () => {
	expect(tally(samples.documented)).toEqual({
		'other-principal': 4,
		'other-role': 5,
		// A transaction that was cancelled, a lost condition, reads in PartiQL and of the stream, a change of throughput.
		'own-record': 4,
		// A put without our condition, a transaction that updates and deletes, writes in PartiQL, the table's own end.
		'record PutItem': 1,
		'record TransactWriteItems': 1,
		'record BatchExecuteStatement': 1,
		'record DeleteTable': 1,
	});
});

/** Real events under a role of ours: only its name, and that of the session, are put in. */
const dressed = (texts: readonly string[]): string[] =>
	texts
		.filter((text) => text.includes('role/stratus-red-team-ec2-get-password-data-role') || text.includes('AWSServiceRoleForRDS'))
		.map((text) =>
			text
				.replaceAll('role/stratus-red-team-ec2-get-password-data-role', 'role/throughline-test-desk_mail_send-access')
				.replaceAll('assumed-role/stratus-red-team-ec2-get-password-data-role/', 'assumed-role/throughline-test-desk_mail_send-access/')
				.replaceAll('role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS', 'role/throughline-test-desk_mail_send-lookup')
				.replaceAll(/aws-go-sdk-\d+/g, 'run-1.3.1')
				.replaceAll('SLRManagement', 'run-1.3.l1'),
		);

test('real events under a role of ours', () => {
	expect(tally(dressed(samples.account))).toMatchObject({ 'issue AssumeRole': 12, 'use GetPasswordData': 29 });
	const kept = dressed(samples.account).flatMap((text) => {
		const read = readEventText(text, known, 'files');
		return read.is === 'witness' ? [read.witness] : [];
	});
	for (const one of kept) {
		expect(witness.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
		expect(JSON.stringify(one)).not.toContain('REDACTED');
	}
	const issues = kept.flatMap((one) => (one.kind === 'issue' ? [one] : []));
	// `Jul 10, 2023, 12:30:04 PM`, a quarter of an hour or more after.
	for (const { at, expiresAt } of issues) expect((expiresAt ?? 0) - at).toBeGreaterThanOrEqual(899_000);
	// Ten carry a session policy, written by hand with its spaces; nine of them a long one.
	expect(issues.filter(({ policyDigest }) => policyDigest !== null)).toHaveLength(10);
	expect(issues.filter(({ allows }) => (allows?.[0]?.actions.length ?? 0) > 10)).toHaveLength(9);
	// A service that calls in a session's name does not always say under which key.
	for (const one of kept)
		if (one.kind === 'use' && one.session.accessKeyId === null) expect(one.session.invokedBy).toBe('rds.amazonaws.com');
	// The key under which a session was used is the one that was issued.
	const used = new Set(kept.flatMap((one) => (one.kind === 'use' ? [one.session.accessKeyId] : [])));
	expect(issues.some(({ session }) => used.has(session.accessKeyId))).toBe(true);
});

test('control: by the role of others, nothing here is ours', () => {
	const others = { ...known, rolePrefix: 'arn:aws:iam::999999999999:role/throughline-test-' };
	expect(Object.keys(tally(dressed(samples.account), others)).filter((of) => /^(issue|use)/.test(of))).toEqual([]);
});
