/**
 * The guard's verdict on one step, from what the ledgers hold and nothing else. Pure: the same state gives the same
 * verdict wherever it is asked, now or by whoever verifies the run.
 * @see docs/guide.md#what-a-crash-means
 */

import type { Tool } from '../agent/tool.ts';
import { ATTEMPTS_PER_STEP, EXPIRY_CUT_MS, LOOKUPS_PER_STEP } from '../bounds.ts';
import type { EpochMs } from '../ids.ts';
import { isFenced, isHeld, openAttempts, type RunState, type StepState, stepOf } from '../ledger/state.ts';
import type { Opinion } from '../policy/opinion.ts';

/** `act`: the step is to be done. `settle`: a wait is over, and these attempts were seen open before it began. */
export type Phase = { is: 'act' } | { is: 'settle'; waitedFor: readonly number[] };

export type Asked = {
	readonly step: number;
	readonly epoch: number;
	readonly phase: Phase;
	readonly tool: Pick<Tool, 'effect' | 'keyHonouredForMs' | 'visibleWithinMs'> & { readonly canLookUp: boolean };
	readonly frozen: boolean;
	readonly now: EpochMs;
	/** What a margin covers on either side of a window: delays between processes, and clocks that differ. */
	readonly marginMs: number;
	/** How long an attempt granted now may act, margin included. */
	readonly windowMs: number;
	/** What schema, budget and policy say of the call; asked only where it matters. */
	readonly opinion: (step: StepState) => Opinion;
};

export type Verdict =
	/** Nothing is to be done any more: the recorded end counts. */
	| { is: 'ended' }
	| { is: 'fenced'; epoch: number }
	/** A person must act first; nothing is to be recorded. */
	| { is: 'held'; for: 'approval' | 'doubt' | 'contradiction' | 'frozen' }
	/** Wait so long, then settle these attempts. */
	| { is: 'in-doubt'; attempts: number[]; waitMs: number }
	/** A wait is over, but nothing that is open can do harm: act. */
	| { is: 'act-again' }
	/** These attempts can do no harm and are ended as failed; then decide again. */
	| { is: 'end-open'; attempts: number[] }
	| { is: 'deny'; opinion: Extract<Opinion, { is: 'deny' }> }
	| { is: 'hold'; for: 'approval'; opinion: Extract<Opinion, { is: 'ask' }> }
	| { is: 'hold'; for: 'doubt' }
	| { is: 'look-up'; asks: number[] }
	| { is: 'grant'; attempt: number; opinion: Extract<Opinion, { is: 'allow' }> };

export function judge(state: RunState, asked: Asked): Verdict {
	const step = stepOf(state, asked.step);
	if (!step || step.end) return { is: 'ended' };
	if (isFenced(state, asked.epoch)) return { is: 'fenced', epoch: state.epoch };
	if (state.contradictions.length > 0) return { is: 'held', for: 'contradiction' };
	if (asked.frozen || state.frozen) return { is: 'held', for: 'frozen' };
	return asked.phase.is === 'settle' ? settle(step, asked, asked.phase.waitedFor) : act(state, step, asked);
}

function act(state: RunState, step: StepState, asked: Asked): Verdict {
	if (isHeld(step)) return { is: 'held', for: step.hold?.for ?? 'doubt' };
	const opinion = opinionOf(state, step, asked);
	const open = openAttempts(step);
	if (open.length === 0) return withoutOpen(step, opinion);
	const harmless = isHarmless(asked);
	if (opinion.is === 'deny') return harmless ? { is: 'end-open', attempts: open.map((attempt) => attempt.attempt) } : doubt(step, asked);
	if (!harmless && !(asked.tool.effect === 'replay' && keyStillHonoured(step, asked))) return doubt(step, asked);
	return withoutOpen(step, opinion);
}

/** An attempt of such a tool changes nothing unless the guard commits it. */
const isHarmless = ({ tool }: Asked): boolean => tool.effect === 'read' || tool.effect === 'transaction';

function opinionOf(state: RunState, step: StepState, asked: Asked): Opinion {
	if (state.closed) return { is: 'deny', reason: 'closed', why: `the run was closed (${state.closed.how})`, policies: [] };
	if (step.attempts.length >= ATTEMPTS_PER_STEP) {
		return { is: 'deny', reason: 'attempts', why: `${ATTEMPTS_PER_STEP} attempts were made`, policies: [] };
	}
	return asked.opinion(step);
}

function withoutOpen(step: StepState, opinion: Opinion): Verdict {
	if (opinion.is === 'deny') return { is: 'deny', opinion };
	if (opinion.is === 'ask') return { is: 'hold', for: 'approval', opinion };
	return { is: 'grant', attempt: step.attempts.length + 1, opinion };
}

/** S4: an attempt that may still act, or may have acted, is waited for; never guessed about. */
function doubt(step: StepState, asked: Asked): Verdict {
	const open = openAttempts(step);
	const longest = Math.max(...open.map((attempt) => attempt.windowMs));
	const hidden = asked.tool.canLookUp ? asked.tool.visibleWithinMs : 0;
	return { is: 'in-doubt', attempts: open.map((attempt) => attempt.attempt), waitMs: longest + asked.marginMs + hidden };
}

function settle(step: StepState, asked: Asked, waitedFor: readonly number[]): Verdict {
	const open = openAttempts(step).map((attempt) => attempt.attempt);
	if (open.length === 0 || isHarmless(asked)) return { is: 'act-again' };
	// Granted while others were waited for: it may still act, so the wait begins anew.
	if (open.some((attempt) => !waitedFor.includes(attempt))) return doubt(step, asked);
	if (isHeld(step) && step.hold?.for === 'doubt') return { is: 'held', for: 'doubt' };
	if (asked.tool.canLookUp && step.lookups < LOOKUPS_PER_STEP) return { is: 'look-up', asks: open };
	return { is: 'hold', for: 'doubt' };
}

/**
 * Whether an attempt granted now ends, with margins, while the target still honours the key of the first attempt
 * that may have reached it.
 */
function keyStillHonoured(step: StepState, asked: Asked): boolean {
	const first = step.attempts.find((attempt) => attempt.end?.result !== 'failed');
	if (!first) return true;
	// The guards that granted the first and grant the next may each be wrong by what is let pass, one ahead and one behind.
	const wrongMs = 2 * (asked.marginMs + EXPIRY_CUT_MS);
	return asked.now + asked.windowMs + wrongMs <= first.at + asked.tool.keyHonouredForMs;
}
