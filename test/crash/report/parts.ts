/**
 * The parts of the reliability run: what starts each, how heavy it is, and what its report holds. Each part is a program of
 * its own that fails by itself; here they are only started side by side and their reports read.
 */
import * as z from 'zod';

const count = z.int().min(0);
const seconds = z.number().min(0);
const byKind = z.record(z.string(), count);
/** `by`: what objected to it, where that was told. */
const controls = z.array(
	z.object({
		name: z.string(),
		says: z.string(),
		caught: z.boolean(),
		by: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
	}),
);
const told = { ok: count, fail: count, unknown: count };

export const modelReport = z.object({
	part: z.literal('model'),
	states: count,
	transitions: count,
	scenarios: z.array(z.object({ scenario: z.string(), says: z.string(), states: count, transitions: count, depth: count })),
	controls,
});
export const exploreReport = z.object({
	part: z.literal('explore'),
	faults: count,
	crashPoints: z.object({ existing: count, covered: count }),
	scenarios: z.array(z.object({ name: z.string(), faults: count, states: count, transitions: count, ends: count, faultsFired: byKind })),
	pairs: z.boolean(),
	/** Sources whose crash points were left out. A report that does not say is of a time when the sweeper was. */
	aside: z.array(z.string()).default(['functions/sweep']),
	seconds,
	violations: count,
});
export const schedulesReport = z.object({
	part: z.literal('schedules'),
	distinct: count,
	crossings: count,
	seed: z.int(),
	faultsFired: byKind,
	...told,
	zombieWrites: z.object({ attempted: count, refused: count, testimony: count }),
	pauses: count,
	skews: count,
	reached: byKind,
	seconds,
});
export const controlsReport = z.object({ part: z.literal('controls'), controls, seconds });
export const processesReport = z.object({
	part: z.literal('processes'),
	runs: count,
	...told,
	faults: z.record(z.string(), z.object({ fired: count, withAnOpenAttempt: count, afterAnEffect: count })),
	openAttemptsMet: z.record(z.string(), z.object({ open: count, happened: count })),
	lost: count,
	duplicates: count,
	guessed: count,
	stuck: count,
	secrets: count,
	forged: count,
	seed: z.int(),
	seconds,
});
export const processControlsReport = z.object({ part: z.string(), controls: z.array(z.string()) });
export const dynamodbReport = z.object({
	part: z.literal('dynamodb'),
	requests: count,
	faultsFired: z.record(z.string(), byKind),
	runs: count,
	...told,
	kills: count,
	acknowledgedWrites: count,
	lostWrites: count,
	duplicated: count,
	controls,
	seed: z.int(),
	seconds,
});

/** All that one run of everything has reported. */
export const wholeReport = z.object({
	commit: z.string(),
	date: z.string(),
	machine: z.string(),
	seconds,
	model: modelReport,
	explore: exploreReport,
	schedules: schedulesReport,
	controls: controlsReport,
	processes: processesReport,
	'processes-controls': processControlsReport,
	'processes-lies': processControlsReport,
	dynamodb: dynamodbReport,
});
export type WholeReport = z.infer<typeof wholeReport>;
