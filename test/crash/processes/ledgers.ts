/** Every run of a state directory, read whole and verified, by a process that is none of ours to kill. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { ENTRIES_PER_QUERY } from '../../../core/bounds.ts';
import type { Json } from '../../../core/ids.ts';
import { contents } from '../../../core/ledger/content.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import { openContent } from '../../../core/ledger/read.ts';
import { type RunCheck, verifyRun } from '../../../core/ledger/verify.ts';
import { type Desk, openDesk } from '../../../local/desk.ts';
import { allRuns } from '../../../local/interrupted.ts';
import { effectsOf } from './outside.ts';

export type Told = {
	readonly run: string;
	readonly check: RunCheck;
	/** The input of each step's recorded call. */
	readonly inputs: ReadonlyMap<number, Json>;
	/** All that its entries hold under the run's key, opened. */
	readonly opened: readonly Json[];
};

export async function ledgersOf(directory: string): Promise<Told[]> {
	const desk = openDesk(directory);
	try {
		const told: Told[] = [];
		for await (const run of allRuns(desk.runs)) told.push(await tellOf(desk, run));
		return told;
	} finally {
		desk.close();
	}
}

async function tellOf({ store }: Desk, run: string): Promise<Told> {
	const stored: StoredEntry[] = [];
	for (;;) {
		const page = await store.ledger.read(run, { from: stored.length, limit: ENTRIES_PER_QUERY });
		stored.push(...page);
		if (page.length < ENTRIES_PER_QUERY) break;
	}
	const check = verifyRun(run, stored);
	const inputs = new Map<number, Json>();
	const opened: Json[] = [];
	const key = await store.keys.get(run);
	for (const entry of check.is === 'whole' ? check.entries : []) {
		if (!(entry.kind in contents)) continue;
		const content = await openContent(store, entry as Parameters<typeof openContent>[1], key);
		if (content) opened.push(content as Json);
		if (entry.kind !== 'intent' || !content || !('calls' in content)) continue;
		for (const [index, { step }] of entry.calls.entries()) inputs.set(step, (content.calls[index]?.input ?? null) as Json);
	}
	return { run, check, inputs, opened };
}

export type OpenAttempt = {
	readonly run: string;
	readonly step: number;
	readonly tool: string;
	readonly effect: string;
	readonly attempt: number;
	/** Its effect stands in a journal outside already: the worst instant. */
	readonly happened: boolean;
};

/** Adds what the journals outside know of these attempts. */
export function withJournals(attempts: readonly Omit<OpenAttempt, 'happened'>[], worldDirectory: string): OpenAttempt[] {
	const name = ({ run, step, attempt }: { run: string; step: number; attempt: number }): string => `${run}.${step}.${attempt}`;
	const made = new Set(attempts.length > 0 ? effectsOf(worldDirectory).map(name) : []);
	return attempts.map((attempt) => ({ ...attempt, happened: made.has(name(attempt)) }));
}

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** An application table as it lies in the file. */
export function itemsOf(directory: string, table: string): Map<string, z.infer<typeof attributes>> {
	const database = new DatabaseSync(join(directory, 'ledger.db'), { readOnly: true });
	try {
		const rows = database.prepare('SELECT key, attributes FROM items WHERE declared = ?').all(table);
		return new Map(rows.map((row) => [String(row.key), attributes.parse(JSON.parse(String(row.attributes)))]));
	} finally {
		database.close();
	}
}
