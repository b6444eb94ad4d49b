/** The state directory: everything durable of one embedded installation. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { openSqliteStore, type SqliteStore } from '../adapters/sqlite/store.ts';

export type Directory = { readonly path: string; readonly generation: string; readonly stores: SqliteStore; logFd(name: string): number };

/** It can't be used as it is. The message says what to do. */
export class DirectoryUnusable extends Error {
	override name = 'DirectoryUnusable';
}
/** Nothing was ever begun here. */
export class DirectoryNotFound extends DirectoryUnusable {
	override name = 'DirectoryNotFound';
}

const markerShape = z.object({ v: z.literal(1), generation: z.string().min(1).max(40) });
export const defaultDirectory = '.throughline';

/**
 * Opens a state directory, or makes it. Its marker remembers that a ledger was made here, so that one which was
 * truncated or removed is noticed, not begun anew.
 *
 * @throws DirectoryNotFound with `mustExist`; DirectoryUnusable, LedgerUnavailable
 */
export function openDirectory(path: string, { mustExist = false }: { mustExist?: boolean } = {}): Directory {
	const directory = resolve(path);
	const marker = join(directory, 'throughline.json');
	const known = readMarker(marker);
	// A crash as it was made leaves a ledger without its marker; so does whoever deletes the marker.
	const isOurs = known !== undefined || ['ledger.db', 'payloads.db', 'keys.db'].every((name) => existsSync(join(directory, name)));
	if (!isOurs && mustExist)
		throw new DirectoryNotFound(`${directory} holds no runs; start one with: throughline run <agent> --input FILE --dir ${path}`);
	const generation = known ?? randomUUID();
	try {
		mkdirSync(join(directory, 'logs'), { recursive: true, mode: 0o700 });
	} catch (error) {
		throw new DirectoryUnusable(
			`${directory} can't be used: ${error instanceof Error ? error.message : String(error)}; choose another with --dir`,
		);
	}
	const stores = openSqliteStore({ directory, generation, expect: known ? 'existing' : 'new-or-existing' });
	if (!known) writeMarker(marker, stores.ledger.generation);
	return {
		path: directory,
		generation: stores.ledger.generation,
		stores,
		logFd: (name) => openSync(join(directory, 'logs', `${name}.log`), 'a', 0o600),
	};
}

function readMarker(path: string): string | undefined {
	if (!existsSync(path)) return undefined;
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		value = undefined;
	}
	const marker = markerShape.safeParse(value);
	if (!marker.success) throw new DirectoryUnusable(`${path} is damaged; put it back from a backup, or choose another directory with --dir`);
	return marker.data.generation;
}

function writeMarker(path: string, generation: string): void {
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify({ v: 1, generation })}\n`, { mode: 0o600, flush: true });
	renameSync(draft, path);
}
