/**
 * What was asked of the system and how it ended, as whoever asked can tell: `ok`, `fail` (said so), `unknown` (killed
 * before it said anything, or cut off between doing and telling). The three are never mixed.
 */
import type { RunCheck } from '../../../core/ledger/verify.ts';
import type { Told } from './ledgers.ts';
import type { Answered } from './person.ts';

export type Counts = { ok: number; fail: number; unknown: number };
export type How = keyof Counts;
const none = (): Counts => ({ ok: 0, fail: 0, unknown: 0 });

export type Commands = Counts & { /** By the name of what they failed with. */ readonly failures: Record<string, number> };
export const noCommands = (): Commands => ({ ...none(), failures: {} });

export function countCommand(commands: Commands, { code, stdout }: { code: number | null; stdout: string }): How {
	const said = code === null ? undefined : jsonIn(stdout);
	const how: How = code === null ? 'unknown' : said?.runs ? 'ok' : 'fail';
	commands[how] += 1;
	if (how === 'fail') {
		const name = said?.error?.name ?? `exit ${code}`;
		commands.failures[name] = (commands.failures[name] ?? 0) + 1;
	}
	return how;
}

function jsonIn(stdout: string): { runs?: unknown[]; error?: { name?: string } } | undefined {
	try {
		return JSON.parse(stdout);
	} catch {
		return undefined;
	}
}

export type Operations = { commands: Counts; answers: Counts; runs: Counts; steps: Counts; attempts: Counts };

/**
 * Of runs that ended: `ok` did something outside or in a table, `fail` did nothing at all. Of attempts: `unknown` are
 * those whose tool never told. Of steps, those that nobody but a person could tell about stay `unknown`.
 */
export function operations(told: readonly Told[], { commands, answered }: { commands: Commands; answered: Answered }): Operations {
	const whole = told.flatMap(({ check }) => (check.is === 'whole' ? [check] : []));
	const runs = none();
	const steps = none();
	const attempts = none();
	for (const check of whole) {
		runs[howRun(check)] += 1;
		for (const { step, end, attempts: made } of check.steps.values()) {
			steps[end === null || end.by === 'person' ? 'unknown' : end.result === 'done' ? 'ok' : 'fail'] += 1;
			for (const { attempt } of made) attempts[howAttempt(check, step, attempt)] += 1;
		}
	}
	const { ok, fail, unknown } = commands;
	const answers = { ok: answered.taken.length, fail: answered.refused, unknown: answered.unknown };
	return { commands: { ok, fail, unknown }, answers, runs, steps, attempts };
}

type Whole = Extract<RunCheck, { is: 'whole' }>;

/** A run that has read and done nothing has not shown that anything works. */
function howRun({ state, steps }: Whole): How {
	if (state.closed?.how !== 'finished') return 'unknown';
	return [...steps.values()].some(({ effect, end }) => effect !== 'read' && end?.result === 'done') ? 'ok' : 'fail';
}

/** By the first word on it. */
function howAttempt({ entries }: Whole, step: number, attempt: number): How {
	const first = entries.find((entry) => entry.kind === 'outcome' && entry.step === step && entry.attempts.includes(attempt));
	if (first?.kind !== 'outcome' || first.by !== 'tool') return 'unknown';
	return first.result === 'done' ? 'ok' : 'fail';
}

export const total = (all: readonly Counts[]): Counts =>
	all.reduce((sum, { ok, fail, unknown }) => ({ ok: sum.ok + ok, fail: sum.fail + fail, unknown: sum.unknown + unknown }), none());
