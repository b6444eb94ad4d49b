/**
 * Business keys: of all steps of all runs, one at a time may act on a key. A claim goes in with a step's first attempt;
 * the next is free only once the step that holds it ended without effect. No run waits for another.
 */

import { readStep } from '../../core/ledger/read.ts';
import { stepOf } from '../../core/ledger/state.ts';
import type { Claim } from '../../core/ports.ts';
import type { Verdict } from '../../core/step/judge.ts';
import { type Grounds, type Occasion, toolOf } from './occasion.ts';

/** The claim to make with this grant; none for an unkeyed tool or a later attempt; or who holds the key. */
export async function freeClaim(
	verdict: Extract<Verdict, { is: 'grant' }>,
	{ view }: Grounds,
	{ request, around }: Occasion,
): Promise<Claim | { why: string; holder: string } | undefined> {
	const { key } = verdict.opinion.prepared;
	const { state } = view;
	if (key === undefined || stepOf(state, request.step)?.claim) return undefined;
	const tool = toolOf(around).name;
	const claim = (n: number): Claim => ({ tool, key, n, run: state.run, step: request.step, hint: state.checkpointPlace });
	const latest = await around.store.claims.latest(tool, key);
	if (!latest) return claim(1);
	// S3, not the attempt's end: a step whose attempt failed may be granted again, and still holds its key.
	const holder = await readStep(around.store, latest.run, latest);
	const end = holder?.state.end?.result;
	if (!holder?.contradicted && (end === 'failed' || end === 'denied')) return claim(latest.n + 1);
	const name = `step ${latest.step} of run ${latest.run}`;
	return { why: `${tool} on ${key} belongs to ${name}, ${standing(end, holder?.contradicted)}`, holder: name };
}

function standing(end: 'done' | 'failed' | 'denied' | undefined, contradicted = false): string {
	if (contradicted) return 'whose records contradict each other';
	return end === 'done' ? 'which has done it' : 'which has not ended';
}
