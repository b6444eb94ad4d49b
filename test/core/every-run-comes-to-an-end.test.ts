// S5: however an unlucky run stands, and though every further attempt is cut off too, guard and people bring each step to an end.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { ATTEMPTS_PER_STEP, LOOKUPS_PER_STEP } from '../../core/bounds.ts';
import type { Effect } from '../../core/ids.ts';
import { isHeld, openSteps, type StepState } from '../../core/ledger/state.ts';
import { judge, type Verdict } from '../../core/step/judge.ts';
import {
	absent,
	approved,
	closed,
	denied,
	type Golden,
	granted,
	held,
	type Line,
	lookedUp,
	personSays,
	shownDigest,
	stands,
	superseded,
	tellIfLegal,
	tellOn,
	thawed,
} from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { askedOf, canLookUp } from './judging.ts';
import { opinions } from './stories/story.ts';

/** Entries that one step can need at most: each attempt with a lookup and its answer, approvals, a person. */
const ENTRIES_PER_STEP = ATTEMPTS_PER_STEP * 2 + LOOKUPS_PER_STEP * 2 + 8;

property.prop([moves(), fc.boolean(), fc.boolean(), fc.infiniteStream(fc.nat(9))], { numRuns: 100 })(
	'S5 after any run',
	(all, stops, targetKnows, luck) => {
		let golden = ledgerOf(all);
		if (stops) golden = tellIfLegal(golden, closed('stopped'));
		const open = openSteps(golden.state);
		for (let count = 0; count < open.length * ENTRIES_PER_STEP + 50 && openSteps(golden.state).length > 0; count += 1) {
			const [pick = 0] = luck.take(1);
			golden = tellOn(golden, nextLine(golden, { targetKnows, pick }));
		}
		expect(openSteps(golden.state).map(({ step, hold, attempts }) => ({ step, hold, attempts }))).toEqual([]);
	},
);

function nextLine({ state }: Golden, { targetKnows, pick }: { targetKnows: boolean; pick: number }): Line {
	const [contradiction] = state.contradictions;
	if (contradiction) return stands(contradiction.step, 'failed');
	if (state.frozen) return thawed();
	const open = openSteps(state);
	const step = open[pick % open.length];
	if (!step) throw new Error('nothing is open');
	if (isHeld(step)) return step.hold?.for === 'approval' ? approved(step.step) : personSays(step.step, 'failed');
	// The target was asked: it answers, or the lookup was cut off as well.
	if (step.asked && targetKnows && step.attempts.some(({ attempt, end }) => end === null && step.asked?.attempts.includes(attempt)))
		return absentOpen(step);
	return lineOf(conclusion(state, step), step);
}

const absentOpen = (step: StepState): Line =>
	absent(step.step, {
		attempts: step.attempts.flatMap(({ attempt, end }) => (end === null && step.asked?.attempts.includes(attempt) ? [attempt] : [])),
	});

/** What the guard says in the end: where it says to wait, the wait is over. */
function conclusion(state: Golden['state'], step: StepState): Verdict {
	const effect: Effect = step.effect ?? 'manual';
	const opinion = step.approval?.answer === 'refused' ? opinions.deny : opinions.allow;
	const asked = {
		...askedOf({
			effect,
			canLookUp: canLookUp(effect),
			afterMs: 1_000,
			epoch: state.epoch,
			frozen: false,
			opinion,
			state,
			phase: { is: 'act' },
		}),
		step: step.step,
	};
	const verdict = judge(state, asked);
	return verdict.is === 'in-doubt' ? judge(state, { ...asked, phase: { is: 'settle', waitedFor: verdict.attempts } }) : verdict;
}

function lineOf(verdict: Verdict, step: StepState): Line {
	switch (verdict.is) {
		case 'grant':
			return granted(step.step, step.effect ?? 'manual');
		case 'deny':
			return denied(step.step, verdict.opinion.reason, step.effect ?? 'manual');
		case 'hold':
			return held(step.step, verdict.for, { effect: step.effect ?? 'manual', shown: shownDigest(step.step, 'now') });
		case 'look-up':
			return lookedUp(step.step, verdict.asks);
		case 'end-open':
			return superseded(step.step, { attempts: verdict.attempts });
		default:
			throw new Error(`step ${step.step} gets nowhere: ${verdict.is}`);
	}
}
