// S4. How an attempt at a manual step ended is said by its tool or by a person; a guard says it only of one that it never handed out.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'outcome' || entry.by === 'tool' || entry.by === 'person') return undefined;
	const step = before.steps.get(entry.step);
	const manual = entry.attempts.some((attempt) => step?.attempts.get(attempt)?.effect === 'manual');
	return manual && entry.reason !== 'frozen' ? `by ${entry.by}` : undefined;
};

property.prop([moves()], { numRuns: 40 })('S4 a manual attempt ended by a guess is in no legal run', (all) => {
	expect(violations(ledgerOf(all).entries, look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
