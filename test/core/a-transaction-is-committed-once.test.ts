// S3. The writes of a transaction land with the one outcome that says so.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lawlessEntriesOf, ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type Look, verifiedEntriesOf, violations } from './history.ts';

const look: Look = (entry, before) => {
	if (entry.kind !== 'outcome' || entry.contradicts || entry.stands || entry.result !== 'done') return undefined;
	const step = before.steps.get(entry.step);
	const transaction = [...(step?.attempts.values() ?? [])].some((attempt) => attempt.effect === 'transaction');
	if (transaction && entry.by !== 'guard') return `done by ${entry.by} without a commit`;
	return transaction && step?.end ? `it had ended ${step.end}` : undefined;
};

property.prop([moves()], { numRuns: 40 })('S3 a second commit of a step is in no legal run', (all) => {
	expect(violations(verifiedEntriesOf(ledgerOf(all)), look)).toEqual([]);
});

test('the control: where writers append what they please, there are some', () => {
	const runs = fc.sample(moves(), { numRuns: 25, seed: 1 });
	expect(runs.flatMap((all) => violations(lawlessEntriesOf(all), look))).not.toEqual([]);
});
