// S2. Only what changes nothing without the guard, or what the target does once for one key, is granted over an open attempt.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, openOf, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'decision' || entry.verdict !== 'allow' || !entry.attempt) return undefined;
	const open = openOf(before.steps.get(entry.step));
	const guarded = entry.effect === 'lookup' || entry.effect === 'manual';
	return guarded && open.length > 0 ? `attempt ${entry.attempt} while ${open.join(', ')} may still act` : undefined;
};

property.prop([moves()], { numRuns: 40 })('S2 a second attempt at a lookup or manual step is in no legal run', (all) => {
	expect(violations(ledgerOf(all).entries, look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
