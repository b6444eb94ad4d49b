/** Absence counts up to the watermark, and outside of known gaps; presence counts always. */
import { expect, test } from 'vitest';
import { type Reconciling, reconcile } from '../../../core/audit/reconcile.ts';
import { epochMs } from '../../../core/ids.ts';
import { given, told, without } from './run-with-trail.ts';

const until = (reconciling: Reconciling, at: number, gaps: NonNullable<Reconciling['terms']['watermark']['gaps']> = []): Reconciling => ({
	...reconciling,
	terms: { ...reconciling.terms, watermark: { until: epochMs.parse(at), restsOn: 'files', gaps } },
});
const kinds = (reconciling: Reconciling): string[] => reconcile(reconciling).findings.map(({ kind }) => kind);

test('nothing has come yet', async () => {
	const run = await told();
	const silent = without(given(run), () => true);
	expect(kinds(until(silent, run.entries[0]?.at ?? 0))).toEqual([]);
	expect(reconcile(until(silent, run.entries[0]?.at ?? 0)).notes.every(({ kind }) => kind === 'too-recent')).toBe(true);
	expect(kinds(until(silent, (run.entries.at(-1)?.at ?? 0) + 3_600_000))).toEqual(['witness-gap']);
});

test('an effect that may still be seen', async () => {
	const run = await told();
	const unseen = without(given(run), ({ source }) => source === 'parcel.example.net');
	expect(kinds(until(unseen, run.entries[0]?.at ?? 0))).toEqual([]);
	expect(reconcile(until(unseen, run.entries[0]?.at ?? 0)).counts.effects.open).toBe(1);
});

test('a gap that is known explains what is missing in it, and says on what that rests', async () => {
	const run = await told();
	const [from, to] = [(run.entries[0]?.at ?? 0) - 1_000, (run.entries.at(-1)?.at ?? 0) + 60_000];
	const gap = { from, to, cause: 'digest 2026-01-01T00', why: 'a log file is missing', events: [] };
	const { findings } = reconcile(
		until(
			without(given(run), () => true),
			to + 3_600_000,
			[gap],
		),
	);
	expect(findings.map(({ kind, cause, restsOn }) => [kind, cause, restsOn])).toEqual([['witness-gap', gap.cause, 'files']]);
});

test('a gap in another time explains nothing', async () => {
	const run = await told();
	const gap = { from: 0, to: 1, cause: 'digest 1970-01-01T00', why: 'a log file is missing', events: [] };
	const unseen = without(given(run), ({ source }) => source === 'parcel.example.net');
	expect(kinds(until(unseen, (run.entries.at(-1)?.at ?? 0) + 3_600_000, [gap]))).toEqual(['unwitnessed-effect']);
});

test('control: without a watermark the same silence is a finding at once', async () => {
	const run = await told();
	expect(kinds(without(given(run), () => true))).toEqual(['witness-gap']);
});
