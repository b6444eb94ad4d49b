// L2, L3: `verifyRun` accepts every run whose writers said the truth, and finds out who did not about a step long dropped.
import { test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import type { Entry, EntryOf } from '../../core/ledger/entry.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { RUN } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { type History, violations } from './history.ts';

/** Whether an outcome says otherwise than what stands in the history before it. */
function contradicts(entry: EntryOf<'outcome'>, before: History): boolean {
	const step = before.steps.get(entry.step);
	if (step?.attempts.get(1)?.effect === 'read') return false;
	const ended = entry.attempts.map((attempt) => step?.attempts.get(attempt)?.end);
	if (ended.some((end) => end !== undefined && end !== entry.result)) return true;
	return entry.result === 'done' && step?.end !== undefined && step.end !== 'done';
}

const liesOf = (entries: readonly Entry[]): string[] =>
	violations(entries, (entry, before) => {
		if (entry.kind !== 'outcome' || entry.stands) return undefined;
		const attempts = before.steps.get(entry.step)?.attempts;
		if (entry.by === 'tool' && entry.result === 'done' && attempts?.get(1)?.effect === 'transaction') return 'not so';
		const granted = entry.attempts.every((attempt) => attempts?.has(attempt));
		return granted && contradicts(entry, before) === (entry.contradicts === true) ? undefined : 'not so';
	});

property.prop([moves()], { numRuns: 100 })('L3 in any run', (all) => {
	const { entries, stored, state } = ledgerOf(all);
	const [lie] = liesOf(entries);
	const check = verifyRun(RUN, stored);
	if (lie === undefined) expect(check).toMatchObject({ is: 'whole', state: { head: state.head } });
	else expect(check.is === 'broken' && `place ${check.place}, outcome: not so`).toBe(lie);
});
