/** What a decision may follow, and what it makes of its step. */
import type { EntryOf } from './entry.ts';
import { isHeld, openAttempts, type RunState, type StepState, stepOf } from './state.ts';
import { type Folded, illegal, legal, withStep } from './transition.ts';

/** Effects whose open attempt does not stand in the way of another (S2). */
const regrantable = new Set(['read', 'transaction', 'replay']);
/** Effects whose cut-off attempt may have changed something (S4). */
const doubtful = new Set(['replay', 'lookup', 'manual']);
/** Effects whose target can be asked what became of an attempt. */
const askable = new Set(['replay', 'lookup']);

export function foldDecision(state: RunState, entry: EntryOf<'decision'>): Folded {
	const step = stepOf(state, entry.step);
	if (!step) return illegal(`decided on step ${entry.step}, which is not open`);
	if (step.end) return illegal(`step ${entry.step} has ended`);
	if (step.effect && step.effect !== entry.effect) return illegal(`step ${entry.step} was ${step.effect}, now ${entry.effect}`);
	const decided = { ...step, effect: entry.effect };
	if (entry.verdict === 'deny') return foldDeny(state, decided, entry);
	if (entry.verdict === 'hold') return foldHold(state, decided, entry);
	return entry.asks ? foldLookup(state, decided, entry) : foldGrant(state, decided, entry);
}

function foldDeny(state: RunState, step: StepState, entry: EntryOf<'decision'>): Folded {
	if (entry.grant || entry.attempt || entry.asks || entry.hold || entry.claim) return illegal('a denial hands out nothing');
	if (openAttempts(step).length > 0) return illegal('a denial over an open attempt');
	const end = { result: 'denied', by: 'guard', place: entry.place, at: entry.at } as const;
	return legal({ ...withStep(state, { ...step, end }), spend: state.spend - step.spend });
}

function foldHold(state: RunState, step: StepState, entry: EntryOf<'decision'>): Folded {
	if (!entry.hold || entry.grant || entry.attempt || entry.asks || entry.claim)
		return illegal('a hold hands out nothing and says what it waits for');
	if (isHeld(step) && step.hold?.for === entry.hold.for && step.hold.shown === entry.hold.shown) return illegal('held already');
	if (entry.hold.for === 'doubt' && openAttempts(step).length === 0) return illegal('in doubt about no attempt');
	if (entry.hold.for === 'doubt' && !doubtful.has(entry.effect)) return illegal(`a ${entry.effect} attempt is never in doubt`);
	if (entry.hold.for === 'approval' && state.closed) return illegal('nothing is approved after closed');
	if (entry.hold.for === 'approval' && step.approval?.answer === 'refused') return illegal('a person has refused it');
	const hold = { for: entry.hold.for, shown: entry.hold.shown, place: entry.place, at: entry.at, answered: false };
	// A doubt asks something else: it takes back no person's yes or no.
	return legal(withStep(state, { ...step, hold, approval: entry.hold.for === 'approval' ? null : step.approval }));
}

function foldLookup(state: RunState, step: StepState, entry: EntryOf<'decision'>): Folded {
	if (!entry.grant || entry.attempt || entry.claim || entry.hold) return illegal('a lookup has a grant, and is no attempt');
	if (!askable.has(entry.effect)) return illegal(`a ${entry.effect} attempt is not looked up`);
	if (state.frozen) return illegal('nothing is granted while frozen');
	if (state.contradictions.length > 0) return illegal('nothing is granted while records contradict each other');
	const open = openAttempts(step).map((attempt) => attempt.attempt);
	const asks = entry.asks ?? [];
	if (asks.length === 0 || asks.some((attempt) => !open.includes(attempt))) return illegal('a lookup about an attempt that is not open');
	const asked = { attempts: asks, place: entry.place, tokenDigest: entry.grant.tokenDigest };
	return legal(withStep(state, { ...step, lookups: step.lookups + 1, asked }));
}

function foldGrant(state: RunState, step: StepState, entry: EntryOf<'decision'>): Folded {
	if (!entry.grant || entry.hold) return illegal('an allow has a grant');
	if (entry.attempt !== step.attempts.length + 1) return illegal(`attempt ${entry.attempt} where ${step.attempts.length + 1} is next`);
	if (state.closed) return illegal('nothing is granted after closed');
	if (state.frozen) return illegal('nothing is granted while frozen');
	if (state.contradictions.length > 0) return illegal('nothing is granted while records contradict each other');
	if (isHeld(step)) return illegal('nothing is granted while a person is asked');
	if (step.approval?.answer === 'refused') return illegal('nothing is granted that a person has refused');
	if (openAttempts(step).length > 0 && !regrantable.has(entry.effect))
		return illegal(`a second attempt while a ${entry.effect} one may still act`);
	if (entry.claim && entry.attempt !== 1) return illegal('a claim goes in with the first attempt');
	const { accessKeyId, notAfter, windowMs, tokenDigest } = entry.grant;
	const attempt = {
		attempt: entry.attempt,
		place: entry.place,
		epoch: entry.epoch,
		at: entry.at,
		notAfter,
		windowMs,
		accessKeyId,
		tokenDigest,
		end: null,
	};
	const spend = entry.attempt === 1 ? (entry.spend ?? 0) : step.spend;
	const granted = { ...step, attempts: [...step.attempts, attempt], claim: entry.claim ?? step.claim, spend };
	return legal({ ...withStep(state, granted), spend: state.spend + spend - step.spend });
}
