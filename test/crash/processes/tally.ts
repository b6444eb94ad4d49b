/** A storm in numbers, counted from what fired and what was found; nothing is put in by hand. */
import { effects } from '../../../core/ids.ts';
import { type Fired, faultKinds } from './faults.ts';
import { type Operations, total } from './history.ts';
import type { OpenAttempt } from './ledgers.ts';
import { type Off, offKinds } from './off.ts';
import type { Answered } from './person.ts';

export type Round = {
	readonly fired: readonly Fired[];
	readonly operations: Operations;
	readonly failures: Readonly<Record<string, number>>;
	readonly answered: Answered;
	readonly off: readonly Off[];
	readonly leftBehind: readonly number[];
};

export function tally(rounds: readonly Round[]) {
	const fired = rounds.flatMap((round) => round.fired);
	const of = (kind: keyof Operations) => total(rounds.map(({ operations }) => operations[kind]));
	const operations = { commands: of('commands'), answers: of('answers'), runs: of('runs'), steps: of('steps'), attempts: of('attempts') };
	const off = Object.fromEntries(
		offKinds.map((kind) => [kind, rounds.flatMap((round) => round.off).filter(({ is }) => is === kind).length]),
	);
	return {
		rounds: rounds.length,
		/** That ended, and did something. One in which nothing succeeded is under `operations.runs.fail`. */
		runs: operations.runs.ok,
		...total(Object.values(operations)),
		operations,
		failedCommands: sums(rounds.map(({ failures }) => failures)),
		faults: Object.fromEntries(faultKinds.map((kind) => [kind, faultsOf(fired.filter((each) => each.kind === kind))])),
		faultsFired: fired.length,
		faultsWithAnOpenAttempt: fired.filter(({ open }) => open.length > 0).length,
		faultsAfterAnEffect: fired.filter(({ open }) => open.some(({ happened }) => happened)).length,
		openAttemptsMet: Object.fromEntries(
			effects.map((effect) => [
				effect,
				met(
					fired.flatMap(({ open }) => open),
					effect,
				),
			]),
		),
		person: sums(
			rounds.map(({ answered: { approvals, settledDone, settledFailed, freed } }) => ({ approvals, settledDone, settledFailed, freed })),
		),
		lost: off.lost,
		duplicates: off.doubled,
		guessed: off.guessed,
		stuck: off.stuck,
		secrets: off.secret,
		forged: off.forged,
		leftBehind: rounds.flatMap(({ leftBehind }) => leftBehind).length,
	};
}

function faultsOf(fired: readonly Fired[]) {
	const stops = fired.filter(({ woke }) => woke !== undefined);
	return {
		fired: fired.length,
		withAnOpenAttempt: fired.filter(({ open }) => open.length > 0).length,
		afterAnEffect: fired.filter(({ open }) => open.some(({ happened }) => happened)).length,
		...(stops.length > 0 && {
			wokenInTime: stops.filter(({ woke }) => woke === 'in time').length,
			wokenLate: stops.filter(({ woke }) => woke === 'late').length,
			neverWoken: stops.filter(({ woke }) => woke === 'never').length,
		}),
	};
}

/** `happened`: its effect stood in a journal, and nobody had been told. Each attempt once, however many faults it met. */
function met(open: readonly OpenAttempt[], effect: string): { open: number; happened: number } {
	const those = open.filter((each) => each.effect === effect);
	const names = (list: readonly OpenAttempt[]): number => new Set(list.map(({ run, step, attempt }) => `${run}.${step}.${attempt}`)).size;
	return { open: names(those), happened: names(those.filter(({ happened }) => happened)) };
}

function sums(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
	const sum: Record<string, number> = {};
	for (const [name, count] of all.flatMap((each) => Object.entries(each))) sum[name] = (sum[name] ?? 0) + count;
	return sum;
}

/** Fewer, and a storm would have tested little. Far below what one of 500 runs meets on a slow machine. */
const wanted = {
	faults: {
		'host-tree-killed': 3,
		'host-alone-killed': 1,
		'host-tree-stopped': 1,
		'host-alone-stopped': 1,
		'sandbox-killed': 15,
		'sandbox-stopped': 10,
		'service-killed': 8,
		'service-stopped': 8,
	},
	open: { read: 5, transaction: 1, replay: 10, lookup: 5, manual: 5 },
	happened: { replay: 5, lookup: 2, manual: 3 },
	late: 2,
} as const;

export function whatWasMissed({ faults, openAttemptsMet }: Pick<ReturnType<typeof tally>, 'faults' | 'openAttemptsMet'>): string[] {
	const late = Object.values(faults).reduce((sum, { wokenLate = 0 }) => sum + wokenLate, 0);
	const few = (what: string, have: number | undefined, least: number): string[] =>
		(have ?? 0) < least ? [`${what}: ${have ?? 0}, where ${least} are wanted`] : [];
	return [
		...Object.entries(wanted.faults).flatMap(([kind, least]) => few(kind, faults[kind]?.fired, least)),
		...Object.entries(wanted.open).flatMap(([effect, least]) => few(`open ${effect} attempts met`, openAttemptsMet[effect]?.open, least)),
		...Object.entries(wanted.happened).flatMap(([effect, least]) =>
			few(`${effect} effects made and not told`, openAttemptsMet[effect]?.happened, least),
		),
		...few('stopped processes that woke late', late, wanted.late),
	];
}
