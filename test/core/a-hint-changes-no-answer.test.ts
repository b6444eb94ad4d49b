// L2: nothing that a caller passes is believed. A stale, forged or impossible hint costs a longer reading and comes to the same.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStored } from '../../core/ledger/chain.ts';
import { fold } from '../../core/ledger/fold.ts';
import { createReader, readStep } from '../../core/ledger/read.ts';
import { checkpoint, done, granted, intent, memoryOf, placesOf, RUN, tellOn, told } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { processOver } from '../doubles/store.ts';
import { longRun } from './long-run.ts';

const golden = longRun();
const { store } = processOver(memoryOf(golden));
const { place: last } = golden.state.head;
const hints = [undefined, 0, 1, 2, 30, 31, 32, 62, 93, 124, last - 1, last, last + 1, last + 50, 999_999];

test.for(hints)('hint %s', async (hint) => {
	const { state } = await createReader(store).read(RUN, { hint });
	expect(state).toEqual(golden.state);
});

property.prop([moves(), fc.integer({ min: 0, max: 80 })], { numRuns: 40 })('any hint into any run', async (all, hint) => {
	const run = ledgerOf(all);
	const { reader } = processOver(memoryOf(run));
	expect((await reader.read(RUN, { hint })).state).toEqual(run.state);
});

test('the control: whoever begins where it is told to does not come to the same', () => {
	const naive = (hint: number) => {
		let state: ReturnType<typeof fold> | undefined;
		for (const stored of golden.stored.slice(hint)) {
			const parsed = parseStored(stored);
			if ('entry' in parsed) state = fold(state?.is === 'legal' ? state.state : undefined, parsed.entry, parsed.hash);
		}
		return state?.is === 'legal' ? state.state : undefined;
	};
	expect(hints.filter((hint) => JSON.stringify(naive(hint ?? 0)) !== JSON.stringify(golden.state)).length).toBeGreaterThan(
		hints.length / 2,
	);
});

// A step is found wherever one is told to look for it: a claim's holder, or a zombie's own step.
const late = tellOn(
	told(intent('a.tool'), granted(1, 'replay'), checkpoint(), granted(1), done(1, { attempts: [2] }), checkpoint(), intent('b.tool')),
	done(1, { attempts: [1] }),
	checkpoint(),
);

test.for([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4_000])('a step that was dropped is found with hint %i', async (hint) => {
	const { store: other } = processOver(memoryOf(late));
	const seen = await readStep(other, RUN, { step: 1, hint });
	expect(seen?.state).toMatchObject({ step: 1, end: { result: 'done', place: 5 } });
	expect(seen?.state.attempts.map(({ end }) => end?.place)).toEqual([8, 5]);
	expect(seen?.entry).toMatchObject({ kind: 'outcome', place: 8 });
});

test.for([0, 1, 31, 62, 93, 124, 500])('a step pages away is found with hint %i', async (hint) => {
	expect((await readStep(store, RUN, { step: 38, hint }))?.state).toMatchObject({ step: 38, end: { result: 'done' } });
});

test('a step that never was is not found, with whatever hint', async () => {
	const { store: other } = processOver(memoryOf(late));
	for (const hint of [0, 3, 7, 9, 4_000]) expect(await readStep(other, RUN, { step: 3, hint })).toBeUndefined();
	expect(await readStep(other, 'no-run', { step: 1, hint: 0 })).toBeUndefined();
	expect(placesOf(late, 'checkpoint')).toEqual([3, 6, 9]);
});
