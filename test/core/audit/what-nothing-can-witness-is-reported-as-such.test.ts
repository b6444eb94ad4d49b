/** A1: an effect that nothing shows is neither fine nor a finding. It is said, and counted apart. */
import { expect, test } from 'vitest';
import type { Note } from '../../../core/audit/note.ts';
import { type Reconciled, reconcile } from '../../../core/audit/reconcile.ts';
import { erased, expectationOf } from '../../../core/audit/sight.ts';
import { clerkTools } from '../../doubles/clerk.ts';
import { outsideWorld } from '../../doubles/outside.ts';
import { given, told } from './run-with-trail.ts';

const LETTER = 5;
const notesOf = ({ notes }: Reconciled): Pick<Note, 'kind' | 'step'>[] => notes.map(({ kind, step }) => ({ kind, step }));

test('a tool that says nothing can', async () => {
	const reconciled = reconcile(given(await told(), { unseen: ['letter.send'] }));
	expect(reconciled.findings).toEqual([]);
	expect(notesOf(reconciled)).toEqual([{ kind: 'unwitnessable', step: LETTER }]);
	expect(reconciled.counts.effects).toEqual({ witnessed: 3, unwitnessable: 1, open: 0 });
});

test('a step of which nobody says anything, or whose content is erased', async () => {
	const reconciling = given(await told());
	const expected = new Map([...reconciling.expected].filter(([step]) => step !== LETTER));
	for (const left of [expected, new Map([...expected, [LETTER, erased] as const])]) {
		expect(notesOf(reconcile({ ...reconciling, expected: left }))).toEqual([{ kind: 'unwitnessable', step: LETTER }]);
	}
});

test('commits of a store that tells nobody', async () => {
	const reconciling = given(await told());
	const reconciled = reconcile({ ...reconciling, terms: { ...reconciling.terms, commits: 'unwitnessable' } });
	expect(notesOf(reconciled)).toEqual([{ kind: 'unwitnessable', step: 2 }]);
});

test('what a tool leaves undeclared, fails to say, or can no longer read', () => {
	const [tool] = clerkTools(outsideWorld());
	if (!tool) throw new Error('the clerk has no tools');
	const call = { input: { what: 'it' }, idempotencyKey: 'k' };
	const throws = () => {
		throw new Error('no such field');
	};
	expect(expectationOf(tool, call)).toEqual({ is: 'unwitnessable', why: 'undeclared' });
	expect(expectationOf({ ...tool, witnessedBy: throws }, call)).toEqual({ is: 'unwitnessable', why: 'unreadable' });
	expect(expectationOf({ ...tool, witnessedBy: () => [] }, { ...call, input: { what: 7 } })).toEqual({
		is: 'unwitnessable',
		why: 'unreadable',
	});
	expect(expectationOf({ ...tool, witnessedBy: () => [] }, call)).toEqual({ is: 'unwitnessable', why: 'nothing' });
});

test('control: who counts what has no finding as witnessed would call it fine', async () => {
	const naive = ({ findings, counts }: Reconciled): number =>
		findings.length === 0 ? counts.effects.witnessed + counts.effects.unwitnessable : 0;
	expect(naive(reconcile(given(await told(), { unseen: ['letter.send'] })))).toBe(naive(reconcile(given(await told()))));
});
