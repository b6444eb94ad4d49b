/**
 * A2: whoever may write to the trail's bucket can hide nothing. Beside it a reader that believes what lies there, as many do,
 * which hashes log files and asks for no signature, no link and no hour.
 */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TrailObject } from '../../core/audit/digest.ts';
import { checkDigests } from '../../core/audit/digest-chain.ts';
import { readLogFile } from '../../core/audit/log-file.ts';
import {
	content,
	type Digest,
	digestKey,
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

const HOURS = 5;
type Trail = { digests: TrailObject[]; logs: TrailObject[] };
type Tampering = (trail: { digests: Digest[]; logs: TrailObject[] }) => Trail;
const objectsOf = (digests: readonly Digest[]): TrailObject[] => digests.map(({ object }) => object);
const replaced = (objects: TrailObject[], index: number, change: (object: TrailObject) => TrailObject): TrailObject[] =>
	objects.map((object, at) => (at === index ? change(object) : object));
const resealed = (digest: Digest, changes: Record<string, unknown>): TrailObject => ({
	...digest.object,
	bytes: gzipSync(JSON.stringify({ ...digest.content, ...changes })),
});

/** What was done, what is found, and whether reading without signatures would have noticed. */
const tamperings: Record<string, { done: Tampering; found: string[] }> = {
	'a log file altered': {
		done: ({ digests, logs }) => ({
			digests: objectsOf(digests),
			logs: replaced(logs, 2, (log) => ({ ...log, bytes: gzipSync('{"Records":[]}') })),
		}),
		found: ['log-altered'],
	},
	'a log file deleted': {
		done: ({ digests, logs }) => ({ digests: objectsOf(digests), logs: logs.filter((_, index) => index !== 2) }),
		found: ['log-missing'],
	},
	'a log file cut off': {
		done: ({ digests, logs }) => ({
			digests: objectsOf(digests),
			logs: replaced(logs, 2, (log) => ({ ...log, bytes: log.bytes.subarray(0, 20) })),
		}),
		found: ['log-unreadable'],
	},
	'a log file taken out of its digest, and deleted': {
		done: ({ digests, logs }) => ({
			digests: objectsOf(digests).map((object, index) => (index === 2 ? resealed(at(digests, 2), { logFiles: [] }) : object)),
			logs: logs.filter((_, index) => index !== 2),
		}),
		found: ['bad-signature', 'gap'],
	},
	'a digest deleted with its log file': {
		done: ({ digests, logs }) => ({
			digests: objectsOf(digests).filter((_, index) => index !== 2),
			logs: logs.filter((_, index) => index !== 2),
		}),
		found: ['missing-digest', 'gap'],
	},
	'the newest digests deleted': { done: ({ digests, logs }) => ({ digests: objectsOf(digests).slice(0, 3), logs }), found: ['gap'] },
	'the oldest digests deleted': {
		done: ({ digests, logs }) => ({ digests: objectsOf(digests).slice(2), logs }),
		found: ['missing-digest', 'gap'],
	},
	'everything deleted': { done: () => ({ digests: [], logs: [] }), found: ['gap'] },
	'a digest signed by another key': {
		done: ({ digests, logs }) => {
			const forged = signed({ ...at(digests, 4).content, logFiles: [] }, { key: otherPair.privateKey });
			return { digests: [...objectsOf(digests).slice(0, 4), forged.object], logs };
		},
		found: ['bad-signature', 'gap'],
	},
	'a digest that names another key': {
		done: ({ digests, logs }) => {
			const forged = signed({ ...at(digests, 4).content, digestPublicKeyFingerprint: 'my-own' }, { key: otherPair.privateKey });
			return { digests: [...objectsOf(digests).slice(0, 4), forged.object], logs };
		},
		found: ['unknown-key', 'gap'],
	},
	'a digest without its signature': {
		done: ({ digests, logs }) => ({ digests: replaced(objectsOf(digests), 4, ({ bucket, key, bytes }) => ({ bucket, key, bytes })), logs }),
		found: ['unsigned', 'gap'],
	},
	'a signature that is none': {
		done: ({ digests, logs }) => ({ digests: replaced(objectsOf(digests), 4, (object) => ({ ...object, signature: 'zz' })), logs }),
		found: ['bad-signature', 'gap'],
	},
	'an old digest laid in a new ones place': {
		done: ({ digests, logs }) => ({ digests: replaced(objectsOf(digests), 4, ({ key }) => ({ ...at(digests, 1).object, key })), logs }),
		found: ['misplaced', 'gap'],
	},
	'the files of another bucket': {
		done: ({ digests, logs }) => ({ digests: replaced(objectsOf(digests), 4, (object) => ({ ...object, bucket: 'a-copy' })), logs }),
		found: ['misplaced', 'gap'],
	},
	'the digest of another trail': {
		done: ({ digests, logs }) => {
			const theirs = signed(content(start + 5 * HOUR, { trail: 'theirs' }));
			return { digests: [...objectsOf(digests).slice(0, 4), theirs.object], logs };
		},
		found: ['foreign', 'gap'],
	},
	'a digest that is a bomb': {
		done: ({ digests, logs }) => ({
			digests: replaced(objectsOf(digests), 4, (object) => ({ ...object, bytes: gzipSync(Buffer.alloc(40 * 1_048_576)) })),
			logs,
		}),
		found: ['unreadable', 'gap'],
	},
	'the trail off for two hours': {
		done: ({ digests, logs }) => {
			const again = signed(content(start + 4 * HOUR, { logs: logs.slice(3, 4) }));
			const last = signed(content(start + 5 * HOUR, { previous: again, logs: logs.slice(4) }));
			return { digests: objectsOf([...digests.slice(0, 2), again, last]), logs: [...logs.slice(0, 2), ...logs.slice(3)] };
		},
		found: ['gap'],
	},
	'a digest that was signed twice': {
		done: ({ digests, logs }) => {
			const twin = signed({ ...at(digests, 2).content, newestEventTime: null });
			return { digests: replaced(objectsOf(digests), 2, () => twin.object), logs };
		},
		found: ['broken-link', 'gap'],
	},
	'a backfill digest deleted': {
		done: ({ digests, logs }) => {
			const first = signed(content(start + 2 * HOUR, { backfill: true, logs: [logFile(start, [], 'late')] }));
			const second = signed(content(start + 3 * HOUR, { backfill: true, previous: first }));
			return { digests: objectsOf([...digests, second]), logs };
		},
		found: ['missing-digest'],
	},
};

function faultsOf({ digests, logs }: Trail): string[] {
	const checked = checkDigests(digests, { scope, period: wholePeriod(HOURS), keys: [trailKey(pair.publicKey)] });
	const files = checked.logFiles.map(
		(reference) =>
			readLogFile(
				logs.find(({ key }) => key === reference.s3Object),
				reference,
			).is,
	);
	return [...checked.faults.map(({ is }) => is), ...files.filter((is) => is !== 'whole')];
}

/** The control. It notices what was done to a log file that its digest still names; nothing else. */
function naiveFaults({ digests, logs }: Trail): string[] {
	return digests.flatMap(({ bytes }) => {
		const { logFiles = [] } = JSON.parse(String(gunzipSync(bytes)).replaceAll('\0', '') || '{}') as {
			logFiles?: { s3Object: string; hashValue: string }[];
		};
		return logFiles.flatMap(({ s3Object, hashValue }) => {
			const log = logs.find(({ key }) => key === s3Object);
			if (!log) return ['log-missing'];
			try {
				return createHash('sha256').update(gunzipSync(log.bytes)).digest('hex') === hashValue ? [] : ['log-altered'];
			} catch {
				return ['log-unreadable'];
			}
		});
	});
}

describe.each(Object.entries(tamperings))('%s', (what, { done, found }) => {
	const trail = done(wholeTrail(HOURS));
	test('is found, as what it is', () => expect(faultsOf(trail)).toEqual(found));
	const plain = /^a log file (altered|deleted|cut off)$/.test(what);
	test(plain ? 'the control notices too' : 'the control notices nothing', () => expect(naiveFaults(trail)).toEqual(plain ? found : []));
});

test('nothing is found where nothing was done, by either', () => {
	const { digests, logs } = wholeTrail(HOURS);
	const whole = { digests: objectsOf(digests), logs };
	expect([faultsOf(whole), naiveFaults(whole)]).toEqual([[], []]);
});

test('what is missing is said by name and by time', () => {
	const { digests } = wholeTrail(HOURS);
	const objects = objectsOf(digests).filter((_, index) => index !== 2);
	const { faults } = checkDigests(objects, { scope, period: wholePeriod(HOURS), keys: [trailKey(pair.publicKey)] });
	expect(faults).toEqual([
		{ is: 'missing-digest', key: digestKey(start + 3 * HOUR), by: digestKey(start + 4 * HOUR) },
		{ is: 'gap', at: 'middle', period: { fromMs: start + 2 * HOUR, toMs: start + 3 * HOUR } },
	]);
});

test('a key counts for the time it was in force', () => {
	const { digests } = wholeTrail(1);
	const retired = { ...trailKey(pair.publicKey), validToMs: start - HOUR };
	const { faults } = checkDigests(objectsOf(digests), { scope, period: wholePeriod(1), keys: [retired] });
	expect(faults.map(({ is }) => is)).toEqual(['unknown-key', 'gap']);
});

function at<T>(list: readonly T[], index: number): T {
	const item = list[index];
	if (item === undefined) throw new Error(`no item ${index}`);
	return item;
}
