/** SQLite's error codes in core's words, translated once. */
import { LedgerUnavailable } from '../../core/ports.ts';

/** Another process held the lock to the end: known not written, worth another try. An append answers it `unknown`; all else throws it. */
export class StoreBusy extends Error {
	override name = 'StoreBusy';
}
/** The sync of a commit failed: what it wrote may still turn up when the machine restarts. */
export class MayHaveLanded extends Error {
	override name = 'MayHaveLanded';
}

/** Primary codes: the low byte of what SQLite answers. https://www.sqlite.org/rescode.html */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: the pages had been handed over by then. */
const syncs = new Set([IOERR | (4 << 8), IOERR | (5 << 8)]);

const backup = 'Stop whatever uses it, put it back from a backup together with its -wal file, then resume';
const advice = new Map([
	[FULL, 'its disk is full, or it reached its bound; nothing was written. Free space there, then resume'],
	[READONLY, 'it is read-only; nothing was written. Make the file and its directory writable for this user, then resume'],
	[IOERR, 'its disk does not read or write; nothing was written. Check the disk and its mount, then resume'],
	[CANTOPEN, 'it cannot be opened. Make sure that its directory exists and that this user may write there, then resume'],
	[CORRUPT, `it is damaged: overwritten or truncated. ${backup}`],
	[NOTADB, `it is no SQLite database any more. ${backup}`],
]);

/** What to throw for `error`, which came of using the file at `path`. What is not SQLite's, or is our own mistake, stays as it is. */
export function translated(error: unknown, path: string): unknown {
	if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
	const code = error.errcode;
	const said = `${error.message} (SQLite code ${code})`;
	if ((code & 0xff) === BUSY) return new StoreBusy(`${path} is in use by another process: ${said}`);
	if (syncs.has(code)) return new MayHaveLanded(`${path}: ${said}; the write may or may not exist. Check the disk`);
	const next = advice.get(code & 0xff);
	return next ? new LedgerUnavailable(`${path} is unavailable: ${next}. ${said}`) : error;
}

/** A row that is not of the shape its table was made with. */
export const damagedRow = (path: string, row: string): LedgerUnavailable =>
	new LedgerUnavailable(`${path} is unavailable: ${row} is not of the shape it was written with. ${backup}`);
