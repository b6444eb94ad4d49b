// L2, L3: folding from any checkpoint on comes to the same state as folding from the start.
import { test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { checkpoint, done, foldedFrom, granted, intent, placesOf, resumed, told } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { stories } from './stories/all.ts';
import { ledgerOf as ledgerOfStory } from './stories/story.ts';

property.prop([moves()], { numRuns: 40 })('in any run', (all) => {
	const golden = ledgerOf(all);
	for (const place of placesOf(golden, 'checkpoint')) expect(foldedFrom(golden, place)).toEqual({ is: 'legal', state: golden.state });
});

test.for(Object.entries(stories))('wherever a checkpoint stands while %s', ([, story]) => {
	const { lines, ...rest } = story;
	for (let index = 1; index <= lines.length; index += 1) {
		const golden = ledgerOfStory({
			...rest,
			lines: [...lines.slice(0, index), checkpoint(), ...lines.slice(index).filter((line) => typeof line === 'function')],
		});
		for (const place of placesOf(golden, 'checkpoint')) expect(foldedFrom(golden, place)).toEqual({ is: 'legal', state: golden.state });
	}
});

test('right after a run was taken up', () => {
	const golden = told(intent('a.tool'), resumed(), checkpoint(), resumed());
	expect(foldedFrom(golden, 3)).toEqual({ is: 'legal', state: golden.state });
	expect(golden.state.resumesWithoutProgress).toBe(1);
});

test('with the facts it holds', () => {
	const facts = [{ type: 'Order', id: 'o-1', attributes: { paid: true } }];
	const golden = told(intent('a.tool'), granted(1, 'read'), done(1, { facts }), checkpoint(), resumed());
	expect(golden.state.facts).toHaveLength(1);
	expect(foldedFrom(golden, 4)).toEqual({ is: 'legal', state: golden.state });
});
