/** Plays random schedules and holds each against the checker that trusts no ledger. */
import fc from 'fast-check';
import { linesOf } from '../../doubles/lines.ts';
import { check } from '../checker/check.ts';
import { plans } from './plan.ts';
import { entriesOf } from './reports.ts';
import { seen } from './seen.ts';
import { type Tally, take } from './tally.ts';
import { type Naive, play, type World } from './world.ts';

export type Failure = { readonly seed: number; readonly path: string; readonly says: string };

/** `path` plays the one schedule that it names; `naive` is a place in which something has to be found. */
export type Exploring = { readonly seed: number; readonly numRuns: number; readonly path?: string; readonly naive?: Naive };

/**
 * A scheduler of its own for every playing: one that fast-check copies while it makes a failure smaller goes on drawing where
 * the last copy had stopped, so that a path would not name what was played.
 */
const turnSeeds = fc.noShrink(fc.noBias(fc.integer()));

export async function explore({ seed, numRuns, path, naive = {} }: Exploring, tally?: Tally): Promise<Failure | undefined> {
	const property = fc.asyncProperty(plans, turnSeeds, async (plan, turnSeed) => {
		const [scheduler] = fc.sample(fc.scheduler(), { seed: turnSeed, numRuns: 1 });
		if (!scheduler) throw new Error('fast-check made no scheduler');
		const world = await play(plan, scheduler, naive);
		const says = whatIsWrong(world);
		if (says.length > 0) throw new Error([...says, ...told(world)].join('\n'));
		if (tally) take(tally, world);
	});
	const result = await fc.check(property, { seed, numRuns, ...(path !== undefined && { path, endOnFailure: true }) });
	if (!result.failed) return undefined;
	const [plan] = result.counterexample ?? [];
	const says = `${result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)}\nplan: ${JSON.stringify(plan)}`;
	return { seed, path: result.counterexamplePath ?? '', says };
}

function whatIsWrong(world: World): string[] {
	const findings = check(seen(world)).map(
		({ kind, run, step, says }) => `${kind}: ${run}${step === undefined ? '' : `, step ${step}`}: ${says}`,
	);
	const failures = [...world.desk.failures, ...world.faults].map(
		(error) => `the desk or a machine failed: ${error instanceof Error ? error.stack : String(error)}`,
	);
	return [...findings, ...failures];
}

function told(world: World): string[] {
	const ledgers = world.runs.flatMap((run) => ['', `${run}:`, ...linesOf(entriesOf(world.state, run))]);
	return [...ledgers, '', 'what happened, in turn:', ...world.turns.trace()];
}
