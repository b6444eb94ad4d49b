// S3. Once a step has ended it ends no other way, whatever is said of it afterwards; only a person's word on a contradiction counts instead.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../core/ledger/entry.ts';
import type { StepState } from '../../core/ledger/state.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { done, failed, granted, intent, RUN, tellOn, told } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';

type Ends = Map<number, NonNullable<StepState['end']>>;

/** How each step ended, at each length of the ledger. */
function endsOf(entries: readonly Entry[], stored: readonly { chain: string; place: number; body: string }[]): Ends[] {
	return entries.map((_, place) => {
		const check = verifyRun(RUN, stored.slice(0, place + 1));
		if (check.is === 'broken') return new Map();
		return new Map([...check.steps].flatMap(([number, { end }]) => (end ? [[number, end] as const] : [])));
	});
}

function changedEnds(entries: readonly Entry[], ends: readonly Ends[]): string[] {
	return ends.slice(1).flatMap((now, index) => {
		const entry = entries[index + 1];
		const before = ends[index] ?? new Map();
		if (now.size === 0 || (entry?.kind === 'outcome' && entry.stands)) return [];
		return [...before].flatMap(([step, end]) =>
			now.get(step)?.place === end.place && now.get(step)?.result === end.result ? [] : [`step ${step} at ${index + 1}`],
		);
	});
}

property.prop([moves(40)], { numRuns: 30 })('S3 in any run', (all) => {
	const { entries, stored } = ledgerOf(all);
	expect(changedEnds(entries, endsOf(entries, stored))).toEqual([]);
});

test('S3 a late failure of another attempt does not undo what was done', () => {
	const golden = tellOn(told(intent('a.tool'), granted(1, 'replay'), granted(1)), done(1, { attempts: [2] }), failed(1, { attempts: [1] }));
	expect(golden.state.steps[1]?.end).toMatchObject({ result: 'done', place: 4 });
	expect(golden.state.contradictions).toEqual([]);
});

test('the control: where the last word counts, ends change', () => {
	const lastWord = (entries: readonly Entry[]): Ends[] => {
		const ends: Ends = new Map();
		return entries.map((entry) => {
			if (entry.kind === 'outcome') ends.set(entry.step, { result: entry.result, by: entry.by, place: entry.place, at: entry.at });
			return new Map(ends);
		});
	};
	const runs = fc.sample(moves(), { numRuns: 30, seed: 1 }).map((all) => ledgerOf(all).entries);
	expect(runs.flatMap((entries) => changedEnds(entries, lastWord(entries)))).not.toEqual([]);
});
