/**
 * The guard of one tool: policy decision point, credential broker, and the only way that tool reaches the ledger.
 * S1: input, key and credentials leave it only when the decision that grants them is durable.
 */

import { CHECKPOINT_ROOM, ENTRIES_PER_CHECKPOINT } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { contentDigest } from '../../core/ledger/content.ts';
import { entryAt, openContent, RunKeyLost, type View } from '../../core/ledger/read.ts';
import { encodeState, openAttempts, openSteps, type RunState, stepOf } from '../../core/ledger/state.ts';
import { opinion } from '../../core/policy/opinion.ts';
import { judge, type Verdict } from '../../core/step/judge.ts';
import { type GuardSurroundings, readControl } from '../surroundings.ts';
import { denied, held } from './decline.ts';
import { grantAttempt, grantLookup } from './grant.ts';
import { type Asking, ended, type Grounds, type Occasion, type RecordedCall, refused, status, toolOf, windowOf } from './occasion.ts';
import type { GuardAnswer, GuardRequest } from './protocol.ts';
import { report } from './report.ts';

export function guard(request: GuardRequest, around: GuardSurroundings): Promise<GuardAnswer> {
	return request.ask === 'report' ? report(request, around) : decide(request, around);
}

function decide(request: Asking, around: GuardSurroundings): Promise<GuardAnswer> {
	const tool = toolOf(around);
	return decideUntilPlaced(around.reader, request, async (view): Promise<Round<GuardAnswer>> => {
		const step = stepOf(view.state, request.step);
		if (!step) return status({ status: request.step < view.state.nextStep ? 'ended' : 'unrecorded' });
		if (step.tool !== tool.name) return refused(`step ${request.step} is a call of ${step.tool}; this is the guard of ${tool.name}`);
		if (step.end) return ended();
		if (!view.key) throw new RunKeyLost(request.run);
		const { key } = view;
		const control = await readControl(around.store, around.agent.name);
		const call = await recordedCall(view, around, request.step);
		const now = around.store.clock.now();
		const verdict = judge(view.state, {
			step: request.step,
			epoch: request.epoch,
			phase: request.ask === 'act' ? { is: 'act' } : { is: 'settle', waitedFor: request.waitedFor },
			tool: { ...tool, canLookUp: tool.lookup !== undefined },
			frozen: control.frozen !== undefined,
			now,
			marginMs: around.marginMs,
			windowMs: windowOf(around),
			opinion: (judged) =>
				opinion(view.state, judged, { ...around, tool, call, now, digestShown: (shown) => contentDigest(key, 'shown', shown) }),
		});
		return carryOut(verdict, { view, call, control, now, key }, { request, around });
	});
}

async function carryOut(verdict: Verdict, round: Grounds, occasion: Occasion): Promise<Round<GuardAnswer>> {
	switch (verdict.is) {
		case 'ended':
			return ended();
		case 'fenced':
			return status({ status: 'fenced' });
		case 'held':
			return status({ status: 'held' });
		case 'act-again':
			return status({ status: 'again', waitSeconds: 0 });
		case 'in-doubt':
			return status({ status: 'in-doubt', waitSeconds: Math.ceil(verdict.waitMs / 1000), attempts: verdict.attempts });
		case 'end-open':
			return endOpen(verdict.attempts, round, occasion);
		case 'deny':
			return denied(verdict.opinion, round, occasion);
		case 'hold':
			return held(verdict, round, occasion);
		case 'look-up':
			return grantLookup(verdict.asks, round, occasion);
		case 'grant':
			if (checkpointIsDue(round.view.state)) return checkpoint(round.view, occasion.around);
			return grantAttempt(verdict, round, occasion);
	}
}

/** L1 keeps this safe to do from anywhere; a lost place means that somebody else wrote, so look again. */
async function checkpoint(view: View, around: GuardSurroundings): Promise<'again'> {
	const { state } = view;
	const clear = { kind: 'checkpoint', epoch: state.epoch, state: encodeState(state), memory: null } as const;
	await append(around, view, clear, state.facts.length > 0 ? { content: { facts: [...state.facts] } } : {});
	return 'again';
}

/** Room is kept for a decision and for the outcomes of attempts that may still report; many of these are no reason for a checkpoint each. */
function checkpointIsDue(state: RunState): boolean {
	const since = state.head.place - state.checkpointPlace;
	const outstanding = openSteps(state).reduce((sum, step) => sum + openAttempts(step).length, 0);
	return since > 0 && since + Math.min(outstanding, ENTRIES_PER_CHECKPOINT / 2) + CHECKPOINT_ROOM > ENTRIES_PER_CHECKPOINT;
}

async function endOpen(attempts: number[], { view }: Grounds, { request, around }: Occasion): Promise<'again'> {
	const outcome = {
		kind: 'outcome',
		epoch: view.state.epoch,
		step: request.step,
		attempts,
		result: 'failed',
		by: 'guard',
		reason: 'superseded',
	} as const;
	await append(around, view, outcome);
	return 'again';
}

async function recordedCall(view: View, around: GuardSurroundings, step: number): Promise<RecordedCall> {
	const entry = await entryAt(around.store, view, stepOf(view.state, step)?.intentPlace ?? 0);
	const content = entry.kind === 'intent' ? await openContent(around.store, entry, view.key) : undefined;
	const index = entry.kind === 'intent' ? entry.calls.findIndex((call) => call.step === step) : -1;
	const call = content?.calls[index];
	if (!call) throw new RunKeyLost(view.state.run);
	return { input: call.input as Json, purpose: call.purpose };
}
