/** A2: what CloudTrail signed is believed as far as its signature goes, without asking anybody. */
import { expect, test } from 'vitest';
import { checkDigests } from '../../core/audit/digest-chain.ts';
import { readLogFile } from '../../core/audit/log-file.ts';
import {
	content,
	HOUR,
	logFile,
	otherPair,
	pair,
	scope,
	signed,
	start,
	trailKey,
	wholePeriod,
	wholeTrail,
} from '../doubles/trail-files.ts';

const keys = [trailKey(otherPair.publicKey, 'another'), trailKey(pair.publicKey)];

test('hour after hour, in any order, from the first digest on', () => {
	const { digests, logs } = wholeTrail(5);
	const objects = digests.map(({ object }) => object);
	for (const order of [objects, [...objects].reverse()]) {
		const checked = checkDigests(order, { scope, period: wholePeriod(5), keys });
		expect(checked.faults).toEqual([]);
		expect(checked.covered).toEqual([wholePeriod(5)]);
		expect(checked.logFiles.map((file) => file.s3Object).sort()).toEqual(logs.map(({ key }) => key).sort());
	}
});

test('log files read back as they were delivered', () => {
	const { digests, logs } = wholeTrail(2);
	const { logFiles } = checkDigests(
		digests.map(({ object }) => object),
		{ scope, period: wholePeriod(2), keys },
	);
	const records = logFiles.map((reference) =>
		readLogFile(
			logs.find(({ key }) => key === reference.s3Object),
			reference,
		),
	);
	expect(records.map((read) => read.is)).toEqual(['whole', 'whole']);
	expect(records[0]).toMatchObject({ records: [{ eventID: 'a-1' }, { eventID: 'b-1' }] });
});

test('a period in the middle needs nothing from before it', () => {
	const { digests } = wholeTrail(5);
	const period = { fromMs: start + 2 * HOUR, toMs: start + 4 * HOUR };
	expect(
		checkDigests(
			digests.slice(2, 4).map(({ object }) => object),
			{ scope, period, keys },
		).faults,
	).toEqual([]);
});

test('backfill chains apart, and its log files count', () => {
	const { digests } = wholeTrail(3);
	const [late, later] = [logFile(start, [{ eventID: 'late' }], 'late'), logFile(start, [{ eventID: 'later' }], 'later')];
	const first = signed(content(start + 2 * HOUR, { backfill: true, logs: [late] }));
	const second = signed(content(start + 3 * HOUR, { backfill: true, logs: [later], previous: first }));
	const objects = [...digests, first, second].map(({ object }) => object);
	const checked = checkDigests(objects, { scope, period: wholePeriod(3), keys });
	expect(checked.faults).toEqual([]);
	expect(checked.logFiles.map(({ s3Object }) => s3Object)).toEqual(expect.arrayContaining([late.key, later.key]));
	// It covers no hour: without the hourly digest the hour is unknown.
	const without = checkDigests(
		[digests[0], digests[2], first].flatMap((digest) => (digest ? [digest.object] : [])),
		{ scope, period: wholePeriod(3), keys },
	);
	expect(without.faults.map(({ is }) => is)).toEqual(['missing-digest', 'gap']);
});

test('the string that is signed is the documented one', async () => {
	const { stringToSign } = await import('../../core/audit/digest.ts');
	const digest = { bucket: 'b', key: 'AWSLogs/1/k.json.gz', sha256: 'ab', previous: undefined };
	expect(stringToSign({ endTime: '2015-08-17T15:01:31Z', digest })).toBe('2015-08-17T15:01:31Z\nb/AWSLogs/1/k.json.gz\nab\nnull');
	const previous = { bucket: 'b', key: 'p', sha256: 'cd', signature: 'ef01' };
	expect(stringToSign({ endTime: '2015-08-17T15:01:31Z', digest: { ...digest, previous } }).endsWith('\nab\nef01')).toBe(true);
});
