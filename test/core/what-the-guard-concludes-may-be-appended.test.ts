// L3, S5: the guard never concludes what the transition table forbids, so none of its writes ends in an assertion.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { effects } from '../../core/ids.ts';
import { openAttempts, openSteps } from '../../core/ledger/state.ts';
import { judge, type Verdict } from '../../core/step/judge.ts';
import { denied, foldLine, type Golden, granted, held, type Line, lookedUp, shownDigest, superseded } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { askedOf, canLookUp, cases } from './judging.ts';
import { opinions } from './stories/story.ts';

/** What the guard appends for `verdict`; nothing for those that write nothing. */
function lineOf(verdict: Verdict, step: number, effect: (typeof effects)[number]): Line | undefined {
	switch (verdict.is) {
		case 'grant':
			return granted(step, effect);
		case 'deny':
			return denied(step, verdict.opinion.reason, effect);
		case 'hold':
			// What is shown names the open attempts, so it differs from what was shown before them.
			return held(step, verdict.for, { effect, shown: shownDigest(step, `${verdict.for} now`) });
		case 'look-up':
			return lookedUp(step, verdict.asks);
		case 'end-open':
			return superseded(step, { attempts: verdict.attempts });
		default:
			return undefined;
	}
}

const asking = fc.record({
	effect: fc.constantFrom(...effects),
	opinion: fc.constantFrom(...Object.values(opinions)),
	settles: fc.boolean(),
	afterMs: fc.constantFrom(0, 1_000, 60_000),
	step: fc.nat(9),
});

property.prop([moves(), asking], { numRuns: 150 })(
	'L3 after any run',
	(all, { effect: fallback, opinion, settles, afterMs, step: pick }) => {
		const golden = ledgerOf(all);
		const { state } = golden;
		const open = openSteps(state);
		const step = open[pick % Math.max(1, open.length)];
		if (!step) return;
		const effect = step.effect ?? fallback;
		// A person's no is a denial, whatever the policies say; `opinion` sees to that.
		const says = step.approval?.answer === 'refused' ? opinions.deny : opinion;
		const phase = settles
			? ({ is: 'settle', waitedFor: openAttempts(step).map(({ attempt }) => attempt) } as const)
			: ({ is: 'act' } as const);
		const asked = askedOf({
			effect,
			canLookUp: canLookUp(effect),
			afterMs,
			epoch: state.epoch,
			frozen: false,
			opinion: says,
			state,
			phase,
		});
		expectLegal(golden, judge(state, { ...asked, step: step.step }), step.step, effect);
	},
);

function expectLegal(golden: Golden, verdict: Verdict, step: number, effect: (typeof effects)[number]): void {
	const line = lineOf(verdict, step, effect);
	if (line) expect(foldLine(golden, line), JSON.stringify(verdict)).toMatchObject({ is: 'legal' });
}

test('L3 in every case a guard may be asked', () => {
	let written = 0;
	for (const { state, asked, effect, name } of cases()) {
		if (name.includes('refused') && name.includes(', allow,')) continue;
		if (name.includes('refused') && name.includes(', ask,')) continue;
		const verdict = judge(state, asked);
		const line = lineOf(verdict, 1, effect);
		if (!line) continue;
		written += 1;
		expect(foldLine({ state } as Golden, line), name).toMatchObject({ is: 'legal' });
	}
	expect(written).toBeGreaterThan(500);
});
