/** L2: an attack at any place of a run, not only at a chosen one, gives exactly its finding. What nobody outside has seen is said too. */
import { expect, test } from 'vitest';
import { reconcile } from '../../../core/audit/reconcile.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import { verifyRun } from '../../../core/ledger/verify.ts';
import { RUN } from '../../doubles/driver.ts';
import { edited, given, rechained, type Told, told } from './run-with-trail.ts';

const findings = (run: Told, stored: readonly StoredEntry[]) =>
	reconcile({ ...given(run), stored }).findings.map(({ kind, cause }) => [kind, cause]);
const later = (entry: Record<string, unknown>) => ({ ...entry, at: Number(entry.at) + 1 });
/** The last place that a session's tag confirms: the head before the last session was issued. */
const lastPinned = ({ entries }: Told): number =>
	Math.max(...entries.flatMap(({ kind, place }) => (kind === 'decision' ? [place - 1] : [])), commitsPinned(entries));
const commitsPinned = (entries: Told['entries']): number =>
	Math.max(...entries.map((entry) => (entry.kind === 'outcome' && entry.commit !== undefined ? entry.place - 1 : -1)));

test('any entry but the last edited', async () => {
	const run = await told();
	for (const { place } of run.stored.slice(0, -1)) {
		expect(findings(run, edited(run.stored, place, later))).toEqual([['tampered-entry', `place ${place}`]]);
	}
});

test('any entry but the last deleted, and any two beside each other', async () => {
	const run = await told();
	for (const { place } of run.stored.slice(0, -1)) {
		expect(
			findings(
				run,
				run.stored.filter((one) => one.place !== place),
			),
		).toEqual([['tampered-entry', `place ${place}`]]);
		if (place < run.stored.length - 2) {
			expect(
				findings(
					run,
					run.stored.filter((one) => one.place !== place && one.place !== place + 1),
				),
			).toEqual([['tampered-entry', `place ${place}`]]);
		}
	}
});

test('cut anywhere, or written anew from anywhere, up to what sessions have seen', async () => {
	const run = await told();
	const pinned = lastPinned(run);
	expect(pinned).toBeGreaterThan(10);
	for (const { place } of run.stored) {
		if (place === 0 || place > pinned) continue;
		expect([place, findings(run, run.stored.slice(0, place)).map(([kind]) => kind)]).toEqual([place, ['broken-chain']]);
		const forged = rechained(edited(run.stored, place, later), place);
		expect(verifyRun(RUN, forged).is).toBe('whole');
		expect([place, findings(run, forged).map(([kind]) => kind)]).toEqual([place, ['broken-chain']]);
	}
});

test('what no session has seen is beyond it: a cut after the last head that was tagged', async () => {
	const run = await told();
	const pinned = lastPinned(run);
	// Its decision is gone, and it was used: nobody can tell that from one that was handed out without a decision.
	expect(findings(run, run.stored.slice(0, pinned + 1)).map(([kind]) => kind)).toEqual(['unattributed-action']);
	expect(findings(run, run.stored.slice(0, -1))).toEqual([]);
});

test('the whole ledger gone', async () => {
	const run = await told();
	const kinds = new Set(findings(run, []).map(([kind]) => kind));
	expect([...kinds]).toEqual(['unattributed-action']);
});

test('control: the same attacks with sessions that carry no head', async () => {
	const run = await told();
	const { witnesses, ...rest } = given(run);
	const blind = [...witnesses].map((one) =>
		one.kind === 'issue' ? { ...one, tags: { ...one.tags, head: run.entries[0]?.prev ?? '' } } : one,
	);
	const stored = rechained(edited(run.stored, 3, later), 3);
	expect(reconcile({ ...rest, witnesses: blind, stored: run.stored }).findings.map(({ kind }) => kind)).toEqual(['broken-chain']);
	const without = [...witnesses].map((one) => {
		if (one.kind !== 'issue') return one;
		const { head: _head, ...tags } = one.tags;
		return { ...one, tags };
	});
	expect(reconcile({ ...rest, witnesses: without, stored }).findings).toEqual([]);
});
