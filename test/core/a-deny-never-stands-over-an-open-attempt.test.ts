// S3, S4. A denial says that nothing happens; over an open attempt it could be false.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, openOf, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'decision' || entry.verdict !== 'deny') return undefined;
	const open = openOf(before.steps.get(entry.step));
	return open.length > 0 ? `attempts ${open.join(', ')} of step ${entry.step} are open` : undefined;
};

property.prop([moves()], { numRuns: 40 })('L3 a denial with an attempt open is in no legal run', (all) => {
	expect(violations(ledgerOf(all).entries, look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
