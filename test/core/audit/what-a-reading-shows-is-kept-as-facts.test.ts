/** A2: what one reading of digests and log files has shown becomes facts of a bounded size, and findings of them that can be kept. */
import { describe, expect, test } from 'vitest';
import { type Stretch, stretch, weighFiles } from '../../../core/audit/coverage.ts';
import type { SignedDigest } from '../../../core/audit/digest.ts';
import { type ChainFault, checkDigests, digestNamed } from '../../../core/audit/digest-chain.ts';
import { finding } from '../../../core/audit/finding.ts';
import { type LogFault, stretchesMissing, stretchRead } from '../../../core/audit/stretches.ts';
import { gapFinding } from '../../../core/audit/trail.ts';
import {
	content,
	digestKey,
	HOUR,
	logFile,
	pair,
	scope,
	signed,
	start,
	trailKey,
	wholePeriod,
	wholeTrail,
} from '../../doubles/trail-files.ts';

const LONG_AGO = start + 1_000 * HOUR;
const keys = [trailKey(pair.publicKey)];
const check = (objects: Parameters<typeof checkDigests>[0], hours = 5) =>
	checkDigests(objects, { scope, period: wholePeriod(hours), keys });
const objects = wholeTrail(5).digests.map(({ object }) => object);
const [sound] = check(objects).digests;
const hourOf = (hour: number) => ({ fromMs: start + (hour - 1) * HOUR, toMs: start + hour * HOUR });
const faultOf = (is: 'log-missing' | 'log-altered', nth: number): LogFault => ({ is, key: `AWSLogs/file-${String(nth).padStart(5, '0')}` });
const at = (digest: SignedDigest | undefined) => digest ?? expect.fail();
const [reference] = at(sound).logFiles;

describe('a sound digest', () => {
	test('read whole', () => {
		const of = { v: 1, trail: 'throughline', region: 'eu-west-1', ...hourOf(1) };
		expect(stretchRead(scope, at(sound), [])).toEqual({ ...of, is: 'read', late: false });
	});
	test('a log file lost: the events between its oldest and its newest, to the end of that second', () => {
		const found = [{ fault: faultOf('log-missing', 1), reference: reference ?? expect.fail() }];
		expect(stretchRead(scope, at(sound), found)).toMatchObject({
			is: 'faulty',
			why: 'log-missing file-00001',
			eventsFromMs: start,
			eventsToMs: start + HOUR + 1_000,
		});
	});
	test('a log file whose digest dates nothing: its hour, and the one before', () => {
		const { oldestEventTime: _, newestEventTime: __, ...undated } = reference ?? expect.fail();
		const found = [{ fault: faultOf('log-missing', 1), reference: undated }];
		expect(stretchRead(scope, at(sound), found)).toMatchObject({ eventsFromMs: start - HOUR, eventsToMs: start + HOUR + 1_000 });
	});
	test('a thousand log files lost are one fact, which names some', () => {
		const found = Array.from({ length: 1_000 }, (_, nth) => ({
			fault: faultOf('log-altered', nth),
			reference: reference ?? expect.fail(),
		}));
		const one = stretch.parse(stretchRead(scope, at(sound), found));
		expect('why' in one && one.why).toBe('log-altered file-00000; log-altered file-00001; log-altered file-00002; and 997 more');
	});
});

describe('what no sound digest covers', () => {
	const missingIn = (hours: number[], deliveredMs = LONG_AGO): Stretch[] =>
		stretchesMissing(scope, check(objects.filter((_, nth) => !hours.includes(nth + 1))).faults, deliveredMs);
	test('one taken away that the next one names', () => {
		expect(missingIn([3])).toMatchObject([
			{ is: 'missing', ...hourOf(3), why: expect.stringMatching(/^missing-digest .*_20261120T110000Z\.json\.gz$/) },
		]);
	});
	test('the newest: missing once they must have been there, and not before', () => {
		expect(missingIn([4, 5])).toMatchObject([{ is: 'missing', fromMs: start + 3 * HOUR, toMs: start + 5 * HOUR, why: '' }]);
		expect(missingIn([4, 5], start + 4 * HOUR)).toMatchObject([{ fromMs: start + 3 * HOUR, toMs: start + 4 * HOUR }]);
		expect(missingIn([4, 5], start + 3 * HOUR)).toEqual([]);
	});
	test('one that counts for nothing says why', () => {
		const broken = objects.map((object, nth) => (nth === 2 ? { ...object, signature: 'ab'.repeat(256) } : object));
		expect(stretchesMissing(scope, check(broken).faults, LONG_AGO)).toMatchObject([
			{ ...hourOf(3), why: expect.stringMatching(/^bad-signature /) },
		]);
	});
	test('days without one are a fact a day', () => {
		const { faults } = check([], 72);
		const days = stretchesMissing(scope, faults, LONG_AGO);
		expect(days.map(({ fromMs }) => new Date(fromMs).toISOString().slice(0, 13))).toEqual([
			'2026-11-20T08',
			'2026-11-21T00',
			'2026-11-22T00',
			'2026-11-23T00',
		]);
		for (const day of days) expect(stretch.parse(day)).toEqual(day);
	});
	test('what lies there besides, and what another trail signed, lacks nothing', () => {
		const besides = [
			signed(content(start + 2 * HOUR, { trail: 'another' })).object,
			{ ...objects[0], key: 'AWSLogs/junk' } as (typeof objects)[number],
		];
		expect(check([...objects, ...besides]).faults).not.toEqual([]);
		expect(stretchesMissing(scope, check([...objects, ...besides]).faults, LONG_AGO)).toEqual([]);
	});
});

test('a digest of late deliveries that does not count: two days before its end', () => {
	const late = signed(content(start + 3 * HOUR, { backfill: true, logs: [logFile(start, [])] }));
	expect(check([...objects, late.object]).faults).toEqual([]);
	const { faults } = check([...objects, { ...late.object, signature: 'ab'.repeat(256) }]);
	expect(stretchesMissing(scope, faults, LONG_AGO)).toMatchObject([
		{ is: 'faulty', late: true, toMs: start + 3 * HOUR, eventsFromMs: start - 45 * HOUR, eventsToMs: start + 3 * HOUR },
	]);
});

test('the name of a digest says of which hour it is', () => {
	const end = Date.parse('2026-11-20T09:01:31Z');
	expect(digestNamed(digestKey(end))).toEqual({ region: 'eu-west-1', trail: 'throughline', toMs: end, late: false });
	expect(digestNamed(digestKey(end, { backfill: true, trail: 'a_b' }))).toEqual({
		region: 'eu-west-1',
		trail: 'a_b',
		toMs: end,
		late: true,
	});
	expect(digestNamed('AWSLogs/junk')).toBeUndefined();
});

test('with the longest of names, each is a finding that can be kept', () => {
	const of = { trail: 't'.repeat(128), region: 'r'.repeat(32) };
	const why = 'w'.repeat(400);
	const key = digestKey(start + 3 * HOUR, { ...of, backfill: true });
	const gap: ChainFault = { is: 'gap', at: 'middle', period: hourOf(2) };
	const facts: Stretch[] = [
		...stretchesMissing(of, [gap, { is: 'unsigned', key }], LONG_AGO),
		{ v: 1, ...of, ...hourOf(1), is: 'faulty', late: false, why, eventsFromMs: start, eventsToMs: start + 1 },
		{ v: 1, ...of, ...hourOf(4), is: 'faulty', late: true, why, eventsFromMs: start, eventsToMs: start + 1 },
		{ v: 1, ...of, ...hourOf(4), is: 'faulty', late: true, why: `${why.slice(1)}x`, eventsFromMs: start, eventsToMs: start + 1 },
	].map((fact) => stretch.parse(fact));
	const { missing, faulty } = weighFiles({ asked: wholePeriod(99), stretches: facts }, hourOf(1), []);
	expect([missing.length, faulty.length]).toEqual([1, 3]);
	for (const one of [...missing, ...faulty]) expect(finding.parse(gapFinding(one, 'stream'))).toMatchObject({ restsOn: 'files' });
});
