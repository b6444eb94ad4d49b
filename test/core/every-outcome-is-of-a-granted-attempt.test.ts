// S1. What is recorded as done or failed had its intent and its grant before.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, verifiedEntriesOf, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'outcome') return undefined;
	const step = before.steps.get(entry.step);
	const missing = entry.attempts.find((attempt) => !step?.attempts.has(attempt));
	return missing === undefined ? undefined : `attempt ${missing} of step ${entry.step}`;
};

property.prop([moves()], { numRuns: 40 })('S1 an outcome of an attempt that was never granted is in no legal run', (all) => {
	expect(violations(verifiedEntriesOf(ledgerOf(all)), look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
