/** A1: reading more files makes firm what was open and closes gaps. It finds nothing besides, in whatever order files were read. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedFor, FILED_WITHIN_MS, type Stretch, weighFiles } from '../../../core/audit/coverage.ts';
import { type Reconciled, reconcile } from '../../../core/audit/reconcile.ts';
import { REGION } from '../../doubles/cloudtrail.ts';
import { faulty, missing, read, spanOf, withFiles } from './files-said.ts';
import { given, sessionOf, told, without } from './run-with-trail.ts';

const run = await told();
/** Nothing amiss; an effect never seen; a session never seen; an effect and all of another session. */
const seen = [
	given(run),
	without(given(run), ({ source }) => source === 'parcel.example.net'),
	without(given(run), (one) => one.kind === 'issue' && one.session.accessKeyId === sessionOf(run, 5).credentials.accessKeyId),
	without(
		given(run),
		(one) => one.source === 'pay.example.net' || ('session' in one && one.session.sessionName?.endsWith('.5.1') === true),
	),
] as const;

const hour = fc.integer({ min: -2, max: 4 });
const fact = fc.oneof(
	hour.map((at) => read(run, at)),
	hour.map((at) => missing(run, at)),
	hour.map((at) => faulty(run, at)),
);
const facts = fc.array(fact, { maxLength: 10 });
const more = fc.array(
	hour.map((at) => read(run, at)),
	{ minLength: 1, maxLength: 10 },
);
const streamHours = fc.integer({ min: -1, max: 2 });

/** Of what may still come, or is lost in a gap: when that is made firm, something may be found of these. */
const openIn = ({ notes }: Reconciled): number => notes.filter(({ kind }) => kind === 'too-recent' || kind === 'in-a-gap').length;
const firmed = new Set(['unwitnessed-effect', 'witness-gap']);

test.for(seen.map((one, nth) => [nth, one] as const))('%s', ([, reconciling]) => {
	fc.assert(
		fc.property(facts, more, streamHours, (before, added, hours) => {
			const was = reconcile(withFiles(reconciling, run, before, { streamHours: hours }));
			const is = reconcile(withFiles(reconciling, run, [...before, ...added], { streamHours: hours }));
			const known = new Set(was.findings.map(({ id }) => id));
			const others = is.findings.filter(({ id }) => !known.has(id));
			// A gap of which the beginning was read since begins later.
			const own = others.filter(({ about, cause }) => about !== '@trail' || !cause.startsWith('digests '));
			expect(own.length).toBeLessThanOrEqual(openIn(was));
			expect(own.every(({ kind, about }) => firmed.has(kind) && about !== '@trail')).toBe(true);
			const gaps = ({ findings }: Reconciled) => findings.filter(({ about }) => about === '@trail').length;
			expect(gaps(is)).toBeLessThanOrEqual(gaps(was) + others.length - own.length);
			expect(openIn(is)).toBeLessThanOrEqual(openIn(was));
			// What rests on files still does, and until no earlier.
			if (was.restsOn === 'files') expect([is.restsOn, is.until >= was.until]).toEqual(['files', true]);
		}),
		{ numRuns: 200 },
	);
});

test('any order, any part told again, and readings cut anywhere come to the same', () => {
	const span = spanOf(run);
	const weighed = (stretches: readonly Stretch[]) => weighFiles({ asked: askedFor(span), stretches }, span, [REGION]);
	const sorted = ({ until, missing: gone, faulty: bad, closed }: ReturnType<typeof weighed>) => [
		until,
		...[gone, bad, closed].map((gaps) => gaps.map(({ cause, why, from, to }) => `${cause} ${why} ${from} ${to}`).sort()),
	];
	const cut = (stretch: Stretch, part: number): Stretch[] => {
		if (stretch.is === 'faulty') return [stretch];
		const middle = stretch.fromMs + Math.round((stretch.toMs - stretch.fromMs) * part);
		return [
			{ ...stretch, toMs: middle },
			{ ...stretch, fromMs: middle },
		];
	};
	const shuffled = facts.chain((some) =>
		fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: some.length * 2 })),
	);
	fc.assert(
		fc.property(shuffled, fc.double({ min: 0.1, max: 0.9, noNaN: true }), ([some, again], part) => {
			expect(sorted(weighed(again))).toEqual(sorted(weighed(some)));
			expect(sorted(weighed(some.flatMap((stretch) => cut(stretch, part))))).toEqual(sorted(weighed(some)));
		}),
	);
});

test('control: taking the newest word for an hour, more readings do find more', () => {
	const newest = (stretches: readonly Stretch[]): Stretch[] => [...new Map(stretches.map((one) => [one.toMs, one])).values()];
	const whole = [-1, 0, 1, 2].map((at) => read(run, at));
	const altered = [...whole, faulty(run, 0)];
	expect(reconcile(withFiles(given(run), run, altered)).findings).toEqual([]);
	expect(reconcile(withFiles(given(run), run, newest(altered))).findings).toHaveLength(1);
});

test('control: by what was read alone, the time in which events are still on their way would count as seen', () => {
	const span = spanOf(run);
	const { until = 0 } = weighFiles({ asked: askedFor(span), stretches: [read(run, 0)] }, span, [REGION]);
	expect(until).toBeLessThan(span.toMs);
	expect(until + FILED_WITHIN_MS).toBeGreaterThan(span.toMs);
});
