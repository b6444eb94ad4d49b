/**
 * Witnesses and findings in a file of their own, which several processes may have open at once. What is read is parsed: whoever
 * can write to the file could have put it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, finding } from '../../core/audit/finding.ts';
import { orderOf, saysTheSame, sessionOf } from '../../core/audit/kept.ts';
import { type Witness, witness } from '../../core/audit/witness.ts';
import { jsonText } from '../../core/json-text.ts';
import type { Findings, Witnesses, WitnessPage } from '../../core/ports.ts';
import { type Database, openDatabase } from './database.ts';
import { damagedRow } from './errors.ts';

const auditSchema = `
	CREATE TABLE IF NOT EXISTS witnesses (
		event TEXT NOT NULL PRIMARY KEY,
		about TEXT NOT NULL,
		session TEXT,
		rank TEXT NOT NULL,
		body TEXT NOT NULL
	) STRICT;
	CREATE INDEX IF NOT EXISTS witnesses_about ON witnesses (about, rank);
	CREATE INDEX IF NOT EXISTS witnesses_session ON witnesses (session, rank) WHERE session IS NOT NULL;
	CREATE TABLE IF NOT EXISTS findings (id TEXT NOT NULL PRIMARY KEY, about TEXT NOT NULL, body TEXT NOT NULL) STRICT;`;

export type SqliteAudit = { witnesses: Witnesses; findings: Findings; close(): void };

const WAIT_MS = 5_000;

/** @throws LedgerUnavailable when the file can't be used, or belongs to another ledger. */
export function openSqliteAudit({
	directory,
	generation,
	waitMs = WAIT_MS,
}: {
	directory: string;
	generation: string;
	waitMs?: number;
}): SqliteAudit {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const database = openDatabase({
		path: join(directory, 'audit.db'),
		content: 'witnesses',
		journal: 'wal',
		schema: auditSchema,
		generation,
		mustExist: false,
		mustMatch: true,
		waitMs,
		bytesAtMost: undefined,
	});
	database.raw.exec('PRAGMA busy_timeout = 0');
	return { witnesses: witnessesOf(database), findings: findingsOf(database), close: () => database.raw.close() };
}

const [witnessText, findingText] = [jsonText(witness), jsonText(finding)];

function witnessesOf({ raw, path, use }: Database): Witnesses {
	const insert = raw.prepare(
		'INSERT INTO witnesses (event, about, session, rank, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (event) DO NOTHING',
	);
	const one = raw.prepare('SELECT body FROM witnesses WHERE event = ?');
	const about = raw.prepare('SELECT body FROM witnesses WHERE about = ? AND rank > ? ORDER BY rank LIMIT ?');
	const session = raw.prepare('SELECT body FROM witnesses WHERE session = ? AND rank > ? ORDER BY rank LIMIT ?');
	const subjects = raw.prepare('SELECT DISTINCT about FROM witnesses WHERE about > ? ORDER BY about LIMIT ?');
	const read = (row: Record<string, unknown> | undefined): Witness => {
		const parsed = witnessText.safeParse(row?.body);
		if (!parsed.success) throw damagedRow(path, 'a witness');
		return parsed.data;
	};
	const rankAfter = ({ after }: WitnessPage): string => (after === undefined ? '' : orderOf(after));
	return {
		put: (given) =>
			use(() => {
				const { changes } = insert.run(given.eventID, given.about, sessionOf(given) ?? null, orderOf(given), JSON.stringify(given));
				if (changes === 1) return 'kept';
				const kept = read(one.get(given.eventID));
				return saysTheSame(kept, given) ? 'known' : { differs: kept };
			}),
		about: (subject, page) => use(() => about.all(subject, rankAfter(page), page.limit).map(read)),
		ofSession: (key, page) => use(() => session.all(key, rankAfter(page), page.limit).map(read)),
		subjects: ({ after = '', limit }) => use(() => subjects.all(after, limit).map(({ about: subject }) => String(subject))),
	};
}

function findingsOf({ raw, path, use }: Database): Findings {
	const insert = raw.prepare('INSERT INTO findings (id, about, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING');
	const all = raw.prepare('SELECT body FROM findings WHERE id > ? ORDER BY id LIMIT ?');
	const some = raw.prepare('SELECT body FROM findings WHERE about = ? AND id > ? ORDER BY id LIMIT ?');
	const read = (row: Record<string, unknown>): Finding => {
		const parsed = findingText.safeParse(row.body);
		if (!parsed.success) throw damagedRow(path, 'a finding');
		return parsed.data;
	};
	return {
		raise: (given) => use(() => (insert.run(given.id, given.about, JSON.stringify(given)).changes === 1 ? 'raised' : 'known')),
		list: ({ about, after = '', limit }) =>
			use(() => (about === undefined ? all.all(after, limit) : some.all(about, after, limit)).map(read)),
	};
}
