/**
 * One SQLite file: made, opened, and used with its errors translated.
 *
 * Every file has a `meta` row naming the generation it belongs to. A file that ought to be there and isn't, or is another
 * ledger's, is never made anew in silence: that would be a ledger which has forgotten everything.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { LedgerUnavailable } from '../../core/ports.ts';
import { damagedRow, StoreBusy, translated } from './errors.ts';

/** One piece of work waits for another process's lock so many times as long as an opening does. */
const BUSY_WAITS = 3;
/** Between two tries for the lock, doubled from the first to the longest. A commit holds it for a fraction of a millisecond; SQLite's own waiting begins with a whole one and goes on to a hundred. */
const PAUSE_MS = { first: 0.1, longest: 2 };
/** Switching a new file to WAL answers busy at once, so opening tries more often, with a pause. */
const OPEN_TRIES = 100;
const OPEN_PAUSE_MS = 20;
/** SQLite's usual page. Entries lie in a table of their own kind, with their place in an index beside: rows of a kilobyte or two would not fit a WITHOUT ROWID leaf well. */
const PAGE_BYTES = 4_096;
/** Of the tables in docs/spec/storage.md. */
const LAYOUT = 1;

export type OpenOptions = {
	readonly path: string;
	/** What it holds, in messages. */
	readonly content: string;
	/** `delete` leaves no second copy of what was erased; `wal` is faster. */
	readonly journal: 'wal' | 'delete';
	/** Statements that make what is not there yet. */
	readonly schema: string;
	/** For a new file. */
	readonly generation: string;
	/** An earlier process is known to have made this file. */
	readonly mustExist: boolean;
	/** The file has to be of `generation`, if it exists. */
	readonly mustMatch: boolean;
	readonly waitMs: number;
	readonly bytesAtMost: number | undefined;
};

export type Database = {
	readonly path: string;
	readonly generation: string;
	readonly raw: DatabaseSync;
	/**
	 * Runs `work`, which uses `raw` and nothing else, again while another process holds the lock.
	 * @throws LedgerUnavailable, MayHaveLanded, and StoreBusy after the last try.
	 */
	use<T>(work: () => T): Promise<T>;
};

/** @throws LedgerUnavailable when the file can't be used, or isn't the one that was here. */
export function openDatabase(options: OpenOptions): Database {
	const { path } = options;
	// In this order: a process that makes the file right now writes to it before it has a -wal.
	const orphaned = fileBytes(`${path}-wal`) > 0;
	if (fileBytes(path) === 0 && (options.mustExist || orphaned)) throw lost(options);
	try {
		// Made here and not by SQLite, which gives its side files the mode of this one.
		closeSync(openSync(path, 'a', 0o600));
	} catch (error) {
		throw new LedgerUnavailable(`${path} is unavailable: make its directory writable for this user. ${String(error)}`);
	}
	const raw = new DatabaseSync(path, { timeout: options.waitMs });
	try {
		return { path, raw, generation: settled(raw, options), use: (work) => patiently(options, work) };
	} catch (error) {
		raw.close();
		throw error;
	}
}

/** The size of a file, 0 for none. */
export function fileBytes(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Makes the file ready; answers its generation. Blocks for a moment while another process does the same. */
function settled(raw: DatabaseSync, options: OpenOptions): string {
	for (let tries = 1; ; tries += 1) {
		try {
			return prepared(raw, options);
		} catch (error) {
			if (raw.isTransaction) raw.exec('ROLLBACK');
			const said = translated(error, options.path);
			if (!(said instanceof StoreBusy)) throw said;
			if (tries === OPEN_TRIES) throw new LedgerUnavailable(`${said.message}. End that process, then open it again`);
		}
		pause(OPEN_PAUSE_MS);
	}
}

function prepared(raw: DatabaseSync, options: OpenOptions): string {
	raw.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = ${options.journal}`);
	// A deleted journal: EXTRA makes its deletion durable too, without which a power loss takes the last commit back.
	raw.exec(options.journal === 'wal' ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON');
	raw.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF');
	if (options.bytesAtMost !== undefined) raw.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.bytesAtMost / PAGE_BYTES))}`);
	if (!raw.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) {
		if (options.mustExist) throw lost(options);
		raw.exec(`BEGIN IMMEDIATE; ${options.schema}
			CREATE TABLE IF NOT EXISTS meta (one INTEGER PRIMARY KEY CHECK (one = 1), layout INTEGER NOT NULL, generation TEXT NOT NULL) STRICT`);
		raw.prepare('INSERT INTO meta VALUES (1, ?, ?) ON CONFLICT DO NOTHING').run(LAYOUT, options.generation);
		raw.exec('COMMIT');
	}
	const meta = metaRow.safeParse(raw.prepare('SELECT layout, generation FROM meta').get());
	if (!meta.success) throw damagedRow(options.path, 'its meta row');
	const { layout, generation } = meta.data;
	if (layout !== LAYOUT)
		throw new LedgerUnavailable(`${options.path} has layout ${layout}, and this program knows ${LAYOUT}: use the version that made it`);
	if (options.mustMatch && generation !== options.generation) throw lost(options, generation);
	return generation;
}

const metaRow = z.object({ layout: z.int(), generation: z.string().min(1).max(40) });

async function patiently<T>({ path, waitMs }: Pick<OpenOptions, 'path' | 'waitMs'>, work: () => T): Promise<T> {
	let until: number | undefined;
	for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
		try {
			return work();
		} catch (error) {
			const said = translated(error, path);
			until ??= performance.now() + BUSY_WAITS * waitMs;
			if (!(said instanceof StoreBusy) || performance.now() >= until) throw said;
		}
		pause(pauseMs);
		await setImmediate();
	}
}

/** Blocks, since no timer is as short. */
function pause(ms: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function lost({ path, content, mustMatch, generation }: OpenOptions, found?: string): LedgerUnavailable {
	const had = mustMatch ? ` (generation ${generation})` : '';
	const holds =
		found === undefined
			? `holds no ${content} though this directory had one${had}`
			: `is of generation ${found} though this directory had ${generation}`;
	return new LedgerUnavailable(
		`${basename(path)} in ${dirname(path)} ${holds}: it was truncated or replaced; put the file back from a backup`,
	);
}
