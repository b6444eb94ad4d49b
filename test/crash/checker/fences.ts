/**
 * L4: an epoch that is over writes testimony and nothing else. What it tried is counted from the functions' histories:
 * attempted = refused + testimony, and no testimony comes from nowhere.
 */
import * as z from 'zod';
import type { Entry } from '../../../core/ledger/entry.ts';
import type { Account } from './account.ts';
import type { Finding } from './finding.ts';
import type { Seen } from './seen.ts';
import type { World } from './world.ts';

export type FencedWrites = { readonly attempted: number; readonly refused: number; readonly testimony: number };

export function fencedWrites({ seen, accounts }: World): Finding[] {
	return accounts.flatMap((account) => {
		const { run } = account.seen;
		const stale = account.entries.filter((entry) => epochAt(account, entry.place) > entry.epoch);
		const tried = new Set(triedBy(seen, run).map(({ body }) => body));
		const bodies = new Map((seen.state.chains.get(run) ?? []).map(({ place, body }) => [place, body]));
		const bad = stale.flatMap((entry): string[] => {
			if (!isTestimony(entry)) return [`${entry.kind} of epoch ${entry.epoch} at place ${entry.place}`];
			return seen.invocations.length === 0 || tried.has(bodies.get(entry.place) ?? '')
				? []
				: [`testimony at place ${entry.place} that nobody has written`];
		});
		return [...bad, ...behindTheFence(seen, account)].map((says): Finding => ({ kind: 'fenced-write', run, says }));
	});
}

export function countFenced({ seen, accounts }: World): FencedWrites {
	let attempted = 0;
	let testimony = 0;
	for (const account of accounts) {
		const written = new Set((seen.state.chains.get(account.seen.run) ?? []).map(({ body }) => body));
		const stale = triedBy(seen, account.seen.run).filter(({ epoch, place }) => epochAt(account, place) > epoch);
		const bodies = new Set(stale.map(({ body }) => body));
		attempted += bodies.size;
		testimony += [...bodies].filter((body) => written.has(body)).length;
	}
	return { attempted, refused: attempted - testimony, testimony };
}

/** An execution of an epoch that was over when it wrote, whatever epoch it put down. What became of an attempt is no part of this. */
function behindTheFence(seen: Seen, account: Account): string[] {
	const written = new Map((seen.state.chains.get(account.seen.run) ?? []).map(({ place, body }) => [body, place]));
	return seen.invocations.flatMap(({ function: name, event, appends }) => {
		const epoch: unknown = Object(event).epoch;
		if (typeof epoch !== 'number') return [];
		return appends.flatMap(({ body }) => {
			const place = written.get(body);
			const entry = account.entries.find((other) => other.place === place);
			if (place === undefined || !entry || entry.kind === 'outcome' || epochAt(account, place) <= epoch) return [];
			return [`${name} of epoch ${epoch} wrote ${entry.kind} at place ${place}, in epoch ${epochAt(account, place)}`];
		});
	});
}

/** The epoch in which the entry at `place` came to stand. */
const epochAt = ({ entries }: Account, place: number): number => resumesIn(entries).findLast((entry) => entry.place <= place)?.epoch ?? 0;

const resumes = new WeakMap<readonly Entry[], readonly Entry[]>();
function resumesIn(entries: readonly Entry[]): readonly Entry[] {
	const known = resumes.get(entries) ?? entries.filter(({ kind }) => kind === 'resumed');
	resumes.set(entries, known);
	return known;
}

const isTestimony = (entry: Entry): boolean => entry.kind === 'outcome' && entry.by === 'tool';

/** What a function tried to append: its epoch and place as it wrote them down. */
function triedBy(seen: Seen, run: string): { body: string; epoch: number; place: number }[] {
	return seen.invocations.flatMap(({ appends }) =>
		appends.filter(({ chain }) => chain === run).map(({ body }) => ({ ...tried.parse(JSON.parse(body)), body })),
	);
}
const tried = z.object({ epoch: z.int(), place: z.int() });
