// S2, I1. A freeze, a close and a contradiction stop every grant of the run; only a closed run still looks things up.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'decision' || !entry.grant) return undefined;
	if (before.closed && !entry.asks) return 'closed';
	if (before.frozen) return 'frozen';
	return before.contradicted.size > 0 ? 'contradicted' : undefined;
};

property.prop([moves()], { numRuns: 40 })('I1 a grant after closed, while frozen, or over a contradiction is in no legal run', (all) => {
	expect(violations(ledgerOf(all).entries, look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
