/** A2: files go before the stream where they were read whole over all of a run's time and everywhere it may act; nowhere else. */
import { expect, test } from 'vitest';
import { askedFor, FILED_WITHIN_MS, filesSuffice, type Stretch, weighFiles } from '../../../core/audit/coverage.ts';
import { type Reconciling, reconcile } from '../../../core/audit/reconcile.ts';
import { SLACK_MS } from '../../../core/audit/terms.ts';
import { REGION } from '../../doubles/cloudtrail.ts';
import { faulty, HOUR, hourFrom, missing, read, spanOf, withFiles } from './files-said.ts';
import { given, type Told, told, without } from './run-with-trail.ts';

const whole = (run: Told): Stretch[] => [-1, 0, 1, 2].map((hour) => read(run, hour));
const told4 = async () => {
	const run = await told();
	expect(spanOf(run).toMs - spanOf(run).fromMs).toBeLessThan(HOUR / 4);
	return run;
};
const restsOn = (reconciling: Reconciling): string => reconcile(reconciling).restsOn;

test('read from before the run to an hour after it: on files, and until when is told', async () => {
	const run = await told4();
	const { findings, restsOn: on, until } = reconcile(withFiles(given(run), run, whole(run), { streamHours: 40 }));
	expect([findings, on, until]).toEqual([[], 'files', hourFrom(run, 3) - FILED_WITHIN_MS]);
});

test('not by the hours alone in which the run lived: what it did may be in the next file', async () => {
	const run = await told4();
	expect(restsOn(withFiles(given(run), run, [read(run, 0)]))).toBe('stream');
	expect(restsOn(withFiles(given(run), run, [read(run, 0), read(run, 1)]))).toBe('files');
});

const lacking: Record<string, (run: Told) => Stretch[]> = {
	'nothing was read': () => [],
	'the hour of its beginning was not': (run) => [read(run, 1), read(run, 2)],
	'an hour between was not': (run) => [read(run, 0), read(run, 2)],
	'another region was': (run) => whole(run).map((one) => ({ ...one, region: 'us-east-1' })),
	'what was delivered late was, and nothing else': (run) => whole(run).map((one) => (one.is === 'read' ? { ...one, late: true } : one)),
	'a digest of its hour is missing': (run) => [missing(run, 0), read(run, 1), read(run, 2)],
	'a log file of its time could not be': (run) => [read(run, -1), faulty(run, 0), read(run, 1)],
	'a log file that came late could not be': (run) => [...whole(run), faulty(run, 9, { late: true, events: 0 })],
};
test.for(Object.entries(lacking))('on the stream where %s', async ([, stretches]) => {
	const run = await told4();
	expect(restsOn(withFiles(given(run), run, stretches(run)))).toBe('stream');
});

test('every region in which tools may act has to be read', async () => {
	const run = await told4();
	const two = withFiles(given(run), run, whole(run));
	const terms = { ...two.terms, regions: [REGION, 'us-east-1'] };
	expect(restsOn({ ...two, terms })).toBe('stream');
	const both = withFiles(given(run), run, [...whole(run), ...whole(run).map((one) => ({ ...one, region: 'us-east-1' }))]);
	expect(restsOn({ ...both, terms: { ...both.terms, regions: terms.regions } })).toBe('files');
	expect(restsOn({ ...both, terms: { ...both.terms, regions: [] } })).toBe('stream');
});

test('what was not asked about may be faulty', async () => {
	const run = await told4();
	const { terms, ...rest } = withFiles(given(run), run, whole(run));
	const stretches = whole(run);
	const { fromMs, toMs } = spanOf(run);
	for (const asked of [
		{ fromMs, toMs: toMs + 99 * HOUR },
		{ fromMs: 0, toMs: toMs + 47 * HOUR },
	])
		expect(restsOn({ ...rest, terms: { ...terms, files: { asked, stretches } } })).toBe('stream');
});

test('an effect that was never seen: still to come by the stream, firm by files', async () => {
	const run = await told4();
	const unseen = without(given(run), ({ source }) => source === 'parcel.example.net');
	const by = (stretches: Stretch[]) => reconcile(withFiles(unseen, run, stretches, { streamHours: -1 }));
	expect(by([]).findings).toEqual([]);
	expect(by([]).counts.effects.open).toBe(4 - by([]).counts.effects.witnessed);
	expect(by(whole(run)).findings.map((one) => [one.kind, one.restsOn])).toEqual([['unwitnessed-effect', 'files']]);
	expect(by(whole(run)).counts.effects.open).toBe(0);
});

test('to the millisecond: the last entry, and its events with it, an hour before the end of what was read', async () => {
	const run = await told4();
	const { fromMs } = spanOf(run);
	const last = hourFrom(run, 3) - FILED_WITHIN_MS - SLACK_MS;
	const suffices = (toMs: number): boolean => {
		const span = { fromMs, toMs };
		return filesSuffice(weighFiles({ asked: askedFor(span), stretches: whole(run) }, span, [REGION]), span);
	};
	expect([suffices(last), suffices(last + 1)]).toEqual([true, false]);
});

/** Takes the newest hour that was read for the time up to which everything is known. */
const newestHour = (stretches: readonly Stretch[], { toMs }: { toMs: number }): string =>
	Math.max(0, ...stretches.filter(({ is }) => is === 'read').map((one) => one.toMs)) > toMs + HOUR ? 'files' : 'stream';
test('control: the newest hour alone would be taken for all before it', async () => {
	const run = await told4();
	const wrong = Object.entries(lacking).filter(([, stretches]) => newestHour(stretches(run), spanOf(run)) === 'files');
	expect(wrong.length).toBeGreaterThan(5);
});
