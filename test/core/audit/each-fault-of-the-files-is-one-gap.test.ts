/** A2: whatever the files lack of a run's time is a `witness-gap`, once, and until files have it; whatever else has a cause of its own is not. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedFor, type Stretch, weighFiles } from '../../../core/audit/coverage.ts';
import { byDay } from '../../../core/audit/periods.ts';
import { type Reconciled, reconcile } from '../../../core/audit/reconcile.ts';
import { otherEvent, TRAIL } from '../../doubles/cloudtrail.ts';
import { faulty, HOUR, hourFrom, missing, read, spanOf, withFiles } from './files-said.ts';
import { given, told, without } from './run-with-trail.ts';

const run = await told();
const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}/, '');
const judged = (stretches: readonly Stretch[], of = run): Reconciled => reconcile(withFiles(given(of), of, stretches));
const found = ({ findings }: Reconciled) => findings.map(({ kind, about, cause, restsOn }) => [kind, about, cause, restsOn]);
const closed = ({ notes }: Reconciled): number => notes.filter(({ kind }) => kind === 'gap-closed').length;

const faults: Record<string, { done: Stretch[]; cause: string }> = {
	'a digest': { done: [missing(run, 0)], cause: `digests throughline eu-west-1 from ${iso(hourFrom(run, 0))}` },
	'the digest after it, in which its last events stand': {
		done: [missing(run, 1)],
		cause: `digests throughline eu-west-1 from ${iso(hourFrom(run, 1))}`,
	},
	'three digests in a row, told by two readings': {
		done: [missing(run, 0), missing(run, 1), missing(run, 2), { ...missing(run, 1), toMs: hourFrom(run, 3) }],
		cause: `digests throughline eu-west-1 from ${iso(hourFrom(run, 0))}`,
	},
	'a log file': { done: [faulty(run, 0)], cause: `files throughline eu-west-1 ${iso(hourFrom(run, 1))}` },
	'two log files of one digest': {
		done: [faulty(run, 0), faulty(run, 0, { minutes: [25, 40], why: 'log-missing' })],
		cause: `files throughline eu-west-1 ${iso(hourFrom(run, 1))}`,
	},
	'a log file that came late': {
		done: [faulty(run, 9, { late: true, events: 0 })],
		cause: `late files throughline eu-west-1 ${iso(hourFrom(run, 10))}`,
	},
};
test.for(Object.entries(faults))('%s', ([, { done, cause }]) => {
	const others = [-1, 0, 1, 2, 3].map((hour) => read(run, hour));
	expect(found(judged(done))).toEqual([['witness-gap', '@trail', cause, 'files']]);
	const apart = others.filter((one) => !done.some((fault) => fault.toMs === one.toMs && fault.region === one.region));
	expect(found(judged([...apart, ...done]))).toEqual(found(judged(done)));
});

test.for(Object.entries(faults))('control: %s, unnoticed where files are not asked', ([, { done }]) => {
	const { terms, ...rest } = withFiles(given(run), run, done);
	const { files: _, ...streamOnly } = terms;
	expect(reconcile({ ...rest, terms: streamOnly }).findings).toEqual([]);
});

test('of another time it is no finding of this run', () => {
	const elsewhere = [missing(run, -1), missing(run, 5), faulty(run, 0, { minutes: [0, 10] }), faulty(run, 3)];
	expect(found(judged(elsewhere))).toEqual([]);
	expect(found(judged([...elsewhere, ...[-1, 0, 1, 2].map((hour) => read(run, hour))]))).toEqual([]);
});

test('read whole since, it is a note that says so, and in whatever order the two were told', () => {
	const done = [missing(run, 0, 'bad-signature'), faulty(run, 1, { events: 0 }), faulty(run, 9, { late: true, events: 0 })];
	const whole = [...[-1, 0, 1, 2].map((hour) => read(run, hour)), { ...read(run, 9), late: true }];
	const before = judged(done);
	expect(found(before)).toHaveLength(3);
	for (const stretches of [[...done, ...whole], [...whole, ...done].reverse()]) {
		const after = judged(stretches);
		expect([found(after), after.restsOn, closed(after)]).toEqual([[], 'files', 3]);
		for (const { cause } of before.findings) expect(after.notes.some(({ why }) => why.startsWith(`${cause}: `))).toBe(true);
	}
});

test('what it lacks is a note; what is there is judged as ever', () => {
	const unseen = without(given(run), ({ source }) => source === 'parcel.example.net');
	const { findings, notes } = reconcile(withFiles(unseen, run, [faulty(run, 0)]));
	expect(findings.map(({ kind }) => kind)).toEqual(['witness-gap']);
	expect(notes.map(({ kind }) => kind)).toEqual(['in-a-gap']);
});

const trailEvent = (name: string, hour: number, parameters: object) =>
	otherEvent({ source: 'cloudtrail.amazonaws.com', name, at: hourFrom(run, hour), parameters: { name: TRAIL, ...parameters } });
test('a trail that was off wrote no files: the change is the cause, and what is missing far from it is another', () => {
	const more = [trailEvent('StopLogging', 0.2, {}), trailEvent('StartLogging', 2.8, {})];
	const off = given(run, { more });
	const by = (hours: number[]) =>
		reconcile(
			withFiles(
				off,
				run,
				hours.map((hour) => missing(run, hour)),
			),
		).findings.map(({ cause }) => cause);
	expect(by([])).toEqual([expect.stringContaining('event ')]);
	expect(by([0, 1, 2, 3])).toEqual(by([]));
	expect(by([-1, 0, 1, 2, 3, 4, 5, 6])).toHaveLength(2);
});

test('what carries events to us was cut: a gap by the stream, and none by files that were read', () => {
	const cut = given(run);
	const [first] = [...cut.witnesses].filter(({ kind }) => kind === 'issue');
	const { v, at, region, account, about: _, ...rest } = first ?? expect.fail();
	const change = {
		v,
		at,
		region,
		account,
		readOnly: false,
		error: null,
		copy: 'stream',
		about: '@trail',
		kind: 'trail',
		by: 'somebody',
	} as const;
	const deleted = {
		...change,
		eventID: `${rest.eventID}-cut`,
		source: 'logs.amazonaws.com',
		name: 'DeleteSubscriptionFilter',
		coverage: 'off',
	} as const;
	const by = (stretches: Stretch[]) =>
		reconcile(
			withFiles(
				{
					...without(cut, ({ source }) => source === 'parcel.example.net'),
					witnesses: [...without(cut, ({ source }) => source === 'parcel.example.net').witnesses, deleted],
				},
				run,
				stretches,
			),
		);
	expect(by([]).findings.map(({ kind }) => kind)).toEqual(['witness-gap']);
	const firm = by([-1, 0, 1, 2].map((hour) => read(run, hour)));
	expect([firm.findings.map(({ kind }) => kind), closed(firm)]).toEqual([['unwitnessed-effect'], 1]);
});

/** By minutes, one after the other, as slowly and plainly as it can be said. */
function gapsByMinutes(stretches: readonly Stretch[], { fromMs, toMs }: { fromMs: number; toMs: number }): boolean {
	const isRead = (at: number) => stretches.some((one) => one.is === 'read' && !one.late && one.fromMs <= at && at < one.toMs);
	for (let at = fromMs - 5_000; at <= toMs + HOUR + 5_000; at += 60_000)
		if (!isRead(at) && stretches.some((one) => one.is === 'missing' && one.fromMs <= at && at < one.toMs)) return true;
	return stretches.some(
		(one) => one.is === 'faulty' && !isRead(one.fromMs) && one.eventsFromMs <= toMs + 5_000 && fromMs - 5_000 <= one.eventsToMs,
	);
}
const anyHour = fc.integer({ min: -3, max: 5 });
const anyStretch = fc.oneof(
	anyHour.map((hour) => read(run, hour)),
	anyHour.map((hour) => missing(run, hour)),
	fc
		.tuple(anyHour, fc.integer({ min: 0, max: 29 }), fc.integer({ min: 31, max: 59 }))
		.map(([hour, from, to]) => faulty(run, hour, { minutes: [from, to] })),
);
test('any files: a gap exactly where one is, and none is told twice', () => {
	fc.assert(
		fc.property(fc.array(anyStretch, { maxLength: 12 }), (stretches) => {
			const { findings, restsOn } = judged(stretches);
			expect(findings.length > 0).toBe(gapsByMinutes(stretches, spanOf(run)));
			expect(findings.every(({ kind, restsOn: on }) => kind === 'witness-gap' && on === 'files')).toBe(true);
			if (findings.length > 0) expect(restsOn).toBe('stream');
			expect(found(judged([...stretches, ...stretches].reverse()))).toEqual(found(judged(stretches)));
		}),
	);
});

test('days without a digest: each is told once, whichever run tells it', () => {
	const days = byDay({ fromMs: hourFrom(run, 0), toMs: hourFrom(run, 60) });
	const pieces = days.map((period) => ({ ...missing(run, 0), ...period }));
	const told = Array.from({ length: 60 }, (_, hour) => {
		const span = { fromMs: hourFrom(run, hour), toMs: hourFrom(run, hour) + 60_000 };
		const asked = askedFor(span);
		const stretches = pieces.filter(({ toMs }) => asked.fromMs < toMs && toMs <= asked.toMs);
		const gaps = weighFiles({ asked, stretches }, span, []).missing.filter(({ from, to }) => from <= span.toMs && span.fromMs <= to);
		expect(gaps.length).toBeGreaterThan(0);
		return gaps.map(({ cause }) => cause);
	});
	expect(new Set(told.flat()).size).toBe(days.length);
});
