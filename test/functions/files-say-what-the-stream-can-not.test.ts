/** A1, A2: what `backfill` has read, `reconcile` rests on; what files lack is one gap, and a gap is closed when they have it. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { TrailObject } from '../../core/audit/digest.ts';
import type { Audited } from '../../functions/reconcile/reconcile.ts';
import type { Event } from '../doubles/cloudtrail.ts';
import { auditOf, type Files, filesOf, isParcel, livedRun, objectsIn } from './run-with-files.ts';

const told = ({ findings, restsOn, raised }: Audited) => [restsOn, findings.map(({ kind }) => kind), raised];
const lived = await livedRun();
const files = filesOf(lived);
const notParcel = lived.events.filter((event) => !isParcel(event));

test('the stream brought all: on the stream, and when its hours were read, on files', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	await stream(lived.events);
	expect(told(await reconcile())).toEqual(['stream', [], 0]);
	expect(await backfill(objectsIn(files))).toMatchObject({ faults: [], witnesses: 0, covered: [{}] });
	const { counts, ...after } = await reconcile();
	expect(told({ counts, ...after })).toEqual(['files', [], 0]);
	expect(counts.effects).toEqual({ witnessed: 2, unwitnessable: 0, open: 0 });
});

test('the stream missed an effect: a finding by its likelihood, which the files take back', async () => {
	const { stream, backfill, reconcile, audit } = auditOf(lived);
	await stream(notParcel);
	expect(told(await reconcile({ minutesAfter: -1 }))).toEqual(['stream', [], 0]);
	expect(told(await reconcile())).toEqual(['stream', ['unwitnessed-effect'], 1]);
	expect((await backfill(objectsIn(files))).witnesses).toBe(1);
	expect(told(await reconcile())).toEqual(['files', [], 0]);
	// What was raised stays on record, and says on what it rested.
	expect((await audit.findings.list({ limit: 9 })).map(({ kind, restsOn }) => [kind, restsOn])).toEqual([['unwitnessed-effect', 'stream']]);
});

test('files lack it too: firm, whatever the stream may still bring', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	await stream(notParcel);
	await backfill(objectsIn(filesOf({ ...lived, events: notParcel })));
	const { findings } = await reconcile({ minutesAfter: -1 });
	expect(findings.map(({ kind, restsOn }) => [kind, restsOn])).toEqual([['unwitnessed-effect', 'files']]);
});

const altered = (log: TrailObject, records: readonly Event[]): TrailObject => ({
	...log,
	bytes: gzipSync(JSON.stringify({ Records: records })),
});
const at = <T>(some: readonly T[], index: number): T => some[index] ?? expect.fail();
const tamperings: Record<string, (whole: Files) => TrailObject[]> = {
	'a log file altered': ({ digests, logs }) => objectsIn({ digests, logs: [at(logs, 0), altered(at(logs, 1), [])] }),
	'a log file deleted': ({ digests, logs }) => objectsIn({ digests, logs: logs.slice(1) }),
	'both log files of an hour cut off': ({ digests, logs }) =>
		objectsIn({ digests, logs: logs.map((log) => ({ ...log, bytes: log.bytes.subarray(0, 20) })) }),
	'a digest deleted, with its log files': ({ digests }) => objectsIn({ digests: digests.filter((_, nth) => nth !== 1), logs: [] }),
	'a digest altered': ({ digests, logs }) =>
		objectsIn({
			digests: digests.map((one, nth) => (nth === 1 ? { ...one, object: { ...one.object, signature: 'ab'.repeat(256) } } : one)),
			logs,
		}),
	'every digest deleted': ({ logs }) => [...logs],
};
test.for(Object.entries(tamperings))('%s: one gap and nothing else, raised once, until it is back', async ([, done]) => {
	const { stream, backfill, reconcile, audit } = auditOf(lived);
	await stream(lived.events);
	const tampered = done(files);
	await backfill(tampered);
	const first = await reconcile();
	expect(told(first)).toEqual(['stream', ['witness-gap'], 1]);
	expect(first.findings).toMatchObject([{ about: '@trail', restsOn: 'files', severity: 'medium', entries: [] }]);
	await backfill(tampered);
	expect(told(await reconcile())).toEqual(['stream', ['witness-gap'], 0]);
	await backfill(objectsIn(files));
	const healed = await reconcile();
	expect(told(healed)).toEqual(['files', [], 0]);
	expect(healed.notes.map(({ kind, why }) => [kind, why.startsWith(`${first.findings[0]?.cause}: `)])).toEqual([['gap-closed', true]]);
	// Taken away again, it has been read.
	await backfill(tampered);
	expect(told(await reconcile())).toEqual(['files', [], 0]);
	expect(await audit.findings.list({ limit: 9 })).toHaveLength(1);
});

test('what fell into such a gap is in doubt: no second finding', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	await stream(notParcel);
	await backfill(objectsIn({ ...files, logs: [] }));
	const one = await reconcile();
	expect(told(one)).toEqual(['stream', ['witness-gap'], 1]);
	expect(one.notes.map(({ kind }) => kind)).toEqual(['in-a-gap']);
});

test('an event that AWS signed for and nobody can read', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	await stream(lived.events);
	const { faults } = await backfill(objectsIn(filesOf({ ...lived, events: [...lived.events, { eventID: 'no event' }] })));
	expect(faults.map(({ is }) => is)).toEqual(['log-poison']);
	expect(told(await reconcile())).toEqual(['stream', ['witness-gap'], 1]);
});

test('a copy that came first and says otherwise than the files', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	const forged = lived.events.map((event) =>
		isParcel(event) ? { ...event, sourceIPAddress: 'x', requestParameters: { key: 'other' } } : event,
	);
	await stream(forged);
	const { faults } = await backfill(objectsIn(files));
	expect(faults.map(({ is }) => is)).toEqual(['log-differing']);
	const { restsOn, findings } = await reconcile();
	expect([restsOn, findings.map(({ kind }) => kind)]).toEqual(['stream', expect.arrayContaining(['witness-gap'])]);
});

test('what may still be delivered is not missing yet', async () => {
	const { stream, backfill, reconcile } = auditOf(lived);
	await stream(lived.events);
	await backfill(objectsIn({ digests: files.digests.slice(0, 1), logs: [] }), { hoursAfter: 2 });
	expect(told(await reconcile())).toEqual(['stream', [], 0]);
	await backfill(objectsIn({ digests: files.digests.slice(0, 1), logs: [] }), { hoursAfter: 6 });
	expect(told(await reconcile())).toEqual(['stream', ['witness-gap'], 1]);
});

test('files that may not be read say nothing: conclusions stay with the stream', async () => {
	const { stream, backfill, reconcile, audit } = auditOf(lived);
	await stream(lived.events);
	const denied = async () => {
		throw new Error('AccessDenied');
	};
	await expect(backfill({ bucket: 'another', list: denied, get: denied })).rejects.toThrow('AccessDenied');
	expect(audit.state.coverage.size).toBe(0);
	expect(told(await reconcile())).toEqual(['stream', [], 0]);
});
