/** A ledger read as it grows, by somebody who writes nothing: what is under way at this very moment. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Entry, entry } from '../../../core/ledger/entry.ts';
import { type OpenAttempt, withJournals } from './ledgers.ts';
import type { Site } from './site.ts';

export type LedgerWatch = {
	/** Outcomes recorded so far: how far the work has come. */
	outcomes(): number;
	/** Attempts that were granted and have no outcome. */
	open(): OpenAttempt[];
	/** How many runs were opened. */
	opened(): number;
	/** Runs that were opened and are not closed. */
	unfinished(): string[];
	close(): void;
};

type Step = { readonly tool: string; effect: string; readonly open: Set<number> };

export function watchLedger(site: Site): LedgerWatch {
	const runs = new Map<string, Map<number, Step>>();
	let database: DatabaseSync | undefined;
	let seen = 0;
	let outcomes = 0;
	let opened = 0;
	const take = (told: Entry): void => {
		const steps = runs.get(told.run);
		if (told.kind === 'opened') {
			opened += 1;
			runs.set(told.run, new Map());
		}
		if (told.kind === 'closed') runs.delete(told.run);
		if (told.kind === 'intent') for (const { step, tool } of told.calls) steps?.set(step, { tool, effect: 'unknown', open: new Set() });
		if (told.kind === 'decision' && told.attempt !== undefined) {
			const step = steps?.get(told.step);
			if (step) step.effect = told.effect;
			step?.open.add(told.attempt);
		}
		if (told.kind === 'outcome') {
			outcomes += 1;
			for (const attempt of told.attempts) steps?.get(told.step)?.open.delete(attempt);
		}
	};
	const look = (): void => {
		if (!site.exists()) return;
		database ??= new DatabaseSync(join(site.directory, 'ledger.db'), { readOnly: true });
		// Entries are only ever added, so their row numbers grow.
		for (const row of database.prepare('SELECT rowid, body FROM entries WHERE rowid > ? ORDER BY rowid').all(seen)) {
			seen = Number(row.rowid);
			const parsed = entry.safeParse(JSON.parse(String(row.body)));
			if (parsed.success) take(parsed.data);
		}
	};
	return {
		outcomes: () => {
			look();
			return outcomes;
		},
		open: () => {
			look();
			const attempts = [...runs].flatMap(([run, steps]) =>
				[...steps].flatMap(([step, { tool, effect, open }]) => [...open].map((attempt) => ({ run, step, tool, effect, attempt }))),
			);
			return withJournals(attempts, site.worldDirectory);
		},
		opened: () => {
			look();
			return opened;
		},
		unfinished: () => {
			look();
			return [...runs.keys()];
		},
		close: () => database?.close(),
	};
}
