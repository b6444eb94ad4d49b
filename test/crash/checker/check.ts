/**
 * The checker that trusts no ledger: it begins with what was asked and with what the sinks journalled by themselves, and lays
 * everything that anybody wrote down beside it. Pure: it can be given a world that never was.
 */
import { type Account, accountOf } from './account.ts';
import { audit } from './audit.ts';
import { overBudget, unauthorised } from './authority.ts';
import { duplicated, withoutIntent } from './effects.ts';
import { countFenced, type FencedWrites, fencedWrites } from './fences.ts';
import type { Finding } from './finding.ts';
import { lost } from './lost.ts';
import { guessed, twoOutcomes } from './outcomes.ts';
import { secrets } from './secrets.ts';
import type { Seen, Told } from './seen.ts';
import type { World } from './world.ts';

export type { Finding, FindingKind } from './finding.ts';

const checks = [duplicated, lost, guessed, withoutIntent, twoOutcomes, fencedWrites, unauthorised, overBudget, audit, secrets];

/** @param world the same as `worldOf` makes of it, where that was made already */
export function check(seen: Seen, world: World = worldOf(seen)): Finding[] {
	return checks.flatMap((one) => one(world));
}

export type Counts = {
	/** Invocations, runs and people's answers: taken, known not to have been, and of which nobody knows. */
	readonly ok: number;
	readonly fail: number;
	readonly unknown: number;
	readonly effects: number;
	readonly fencedWrites: FencedWrites;
	/** Something succeeded: a world in which nothing did says nothing about the rest. */
	readonly isEvidence: boolean;
};

export function counts(seen: Seen): Counts {
	const world = worldOf(seen);
	const told: Told[] = [
		...seen.invocations.map(({ error }) => toldBy(error?.name)),
		...[...seen.runs, ...seen.acts].map((one) => one.told),
	];
	const number = (is: Told): number => told.filter((one) => one === is).length;
	const done = world.accounts.some((account: Account) => [...account.steps.values()].some(({ end }) => end?.result === 'done'));
	return {
		ok: number('ok'),
		fail: number('fail'),
		unknown: number('unknown'),
		effects: seen.journal.effects.length,
		fencedWrites: countFenced(world),
		isEvidence: done || seen.journal.effects.length > 0,
	};
}

/** Errors that say that nothing was done; every other leaves it open. */
const KNOWN = new Set([
	'Refused',
	'LedgerUnavailable',
	'RunNotFound',
	'GuardRefused',
	'MalformedEvent',
	'ClocksDisagree',
	'RunKeyLost',
	'CallRefused',
]);
const toldBy = (error: string | undefined): Told => {
	if (error === undefined) return 'ok';
	return KNOWN.has(error) ? 'fail' : 'unknown';
};

export const worldOf = (seen: Seen): World => ({ seen, accounts: seen.runs.map((run) => accountOf(run, seen.state)) });
