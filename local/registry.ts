/**
 * What hosts on one directory tell each other: who is alive, which executions exist, where agents live. Not a truth about
 * runs, which the ledger alone is: losing this file costs a recovery, nothing else.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DirectoryUnusable } from './directory.ts';

export type Registry = {
	/** Registers this host. */
	enter(host: HostRecord): void;
	leave(hostId: string): void;
	hosts(): HostRecord[];
	/** Claims an execution's name for this host. False when there is, or was, one of that name. */
	begin(execution: { name: string; run: string; host: string }): boolean;
	end(name: string): void;
	isRunning(name: string): boolean;
	/** Marks a run as this host's from before it exists until its execution is claimed. */
	opening(execution: { name: string; run: string; host: string }): void;
	opened(name: string): void;
	/** Runs that have an execution under way on one of these hosts. */
	runsOf(hosts: readonly string[]): Set<string>;
	/** Of `hosts`, those that have, or had, an execution of this run. */
	hostsOf(run: string): string[];
	/** Forgets what a dead host had under way. */
	forget(hostId: string): void;
	setAgent(name: string, folder: string): void;
	agentFolder(name: string): string | undefined;
	close(): void;
};
/** `started` tells a process from a later one with the same number. */
export type HostRecord = { readonly id: string; readonly pid: number; readonly started: string };

const schema = `
CREATE TABLE IF NOT EXISTS hosts (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS executions (name TEXT PRIMARY KEY, run TEXT NOT NULL, host TEXT NOT NULL, running INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS running ON executions (host) WHERE running = 1;
CREATE INDEX IF NOT EXISTS hosts_of ON executions (run, host);
CREATE TABLE IF NOT EXISTS agents (name TEXT PRIMARY KEY, folder TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const LOCK_MS = 10_000;

/** Of SQLite, and of a table that is not as ours: what is wrong with such a file, no right and no waiting mends. */
const DAMAGED = new Set([1, 11, 26]);

function unusable(path: string, error: unknown): DirectoryUnusable {
	const code = Number((error as { errcode?: unknown }).errcode) & 0xff;
	const next = DAMAGED.has(code)
		? 'It holds nothing of the runs: when no throughline is at work here, delete it; agents in folders of their own are found again once run has named their folder'
		: 'Let this user write it, and no other program hold it';
	return new DirectoryUnusable(`${path} can't be used: ${error instanceof Error ? error.message : String(error)}. ${next}`);
}

/** @throws DirectoryUnusable */
export function openRegistry(directory: string): Registry {
	const path = join(directory, 'hosts.db');
	try {
		return registryIn(path);
	} catch (error) {
		throw unusable(path, error);
	}
}

function registryIn(path: string): Registry {
	// A rollback journal: turning a file to WAL is refused at once, without waiting, while another host turns it too.
	const database = new DatabaseSync(path, { timeout: LOCK_MS });
	database.exec(schema);
	const sql = {
		enter: database.prepare('INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)'),
		leave: database.prepare('DELETE FROM hosts WHERE id = ?'),
		hosts: database.prepare('SELECT id, pid, started FROM hosts'),
		begin: database.prepare('INSERT INTO executions VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING'),
		drop: database.prepare('DELETE FROM executions WHERE name = ?'),
		end: database.prepare('UPDATE executions SET running = 0 WHERE name = ?'),
		isRunning: database.prepare('SELECT 1 FROM executions WHERE name = ? AND running = 1'),
		running: database.prepare('SELECT run, host FROM executions WHERE running = 1'),
		hostsOf: database.prepare('SELECT id FROM hosts WHERE id IN (SELECT host FROM executions WHERE run = ?)'),
		forget: database.prepare('UPDATE executions SET running = 0 WHERE host = ?'),
		setAgent: database.prepare('INSERT OR REPLACE INTO agents VALUES (?, ?)'),
		agent: database.prepare('SELECT folder FROM agents WHERE name = ?'),
	};
	return {
		enter: ({ id, pid, started }) => void sql.enter.run(id, pid, started),
		leave: (hostId) => void sql.leave.run(hostId),
		hosts: () => sql.hosts.all().map((row) => ({ id: String(row.id), pid: Number(row.pid), started: String(row.started) })),
		begin: ({ name, run, host }) => sql.begin.run(name, run, host).changes === 1,
		end: (name) => void sql.end.run(name),
		isRunning: (name) => sql.isRunning.get(name) !== undefined,
		opening: ({ name, run, host }) => void sql.begin.run(name, run, host),
		opened: (name) => void sql.drop.run(name),
		runsOf: (hosts) => new Set(sql.running.all().flatMap((row) => (hosts.includes(String(row.host)) ? [String(row.run)] : []))),
		hostsOf: (run) => sql.hostsOf.all(run).map((row) => String(row.id)),
		forget: (hostId) => {
			sql.forget.run(hostId);
			sql.leave.run(hostId);
		},
		setAgent: (name, folder) => void sql.setAgent.run(name, folder),
		agentFolder: (name) => {
			const folder = sql.agent.get(name)?.folder;
			return folder === undefined ? undefined : String(folder);
		},
		close: () => database.close(),
	};
}
