// L4. A writer of an older epoch may say what its own attempt did, and nothing else.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind === 'resumed' || entry.kind === 'opened' || entry.epoch === before.epoch) return undefined;
	return entry.kind === 'outcome' && entry.by === 'tool' && entry.epoch < before.epoch
		? undefined
		: `epoch ${entry.epoch} in ${before.epoch}`;
};

property.prop([moves()], { numRuns: 40 })('L4 an entry of an older epoch that is no report of a tool is in no legal run', (all) => {
	expect(violations(ledgerOf(all).entries, look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
