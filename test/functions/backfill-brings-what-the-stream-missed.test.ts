/** A2: signed files are read for what never came by the stream; what they can't vouch for is said. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import type { TrailObject } from '../../core/audit/digest.ts';
import { readEvent } from '../../core/audit/event.ts';
import { backfill } from '../../functions/backfill/backfill.ts';
import { ingest } from '../../functions/ingest/ingest.ts';
import { issueEvent, known, otherEvent, sessionToken, streamData, streamRecord, useEvent } from '../doubles/trail-events.ts';
import { bucketOf, content, HOUR, logFile, pair, scope, signed, start, trailKey, wholePeriod } from '../doubles/trail-files.ts';

const session = { run: 'run-1' };
const events = [issueEvent(session), useEvent(session), useEvent(session, { call: 2 }), otherEvent(1)];

function trail(): { digests: TrailObject[]; logs: TrailObject[] } {
	const logs = [logFile(start + 600_000, events.slice(0, 2)), logFile(start + HOUR + 600_000, events.slice(2))];
	const first = signed(content(start + HOUR, { logs: logs.slice(0, 1) }));
	return { logs, digests: [first.object, signed(content(start + 2 * HOUR, { logs: logs.slice(1), previous: first })).object] };
}
const asked = { account: scope.account, region: scope.region, trail: scope.trail, prefix: '', period: wholePeriod(2) };
const keys = { inForce: async () => [trailKey(pair.publicKey)] };
const around = (objects: readonly TrailObject[], audit = memoryAudit(), remainingMs = () => 600_000) => ({
	files: bucketOf(objects),
	keys,
	witnesses: audit.witnesses,
	coverage: audit.coverage,
	known,
	remainingMs,
	now: () => start + 48 * HOUR,
});

test('what the stream brought is known, what it missed rests on files', async () => {
	const audit = memoryAudit();
	const quiet = { poison: { put: async () => {} }, known, log: () => {}, remainingMs: () => 60_000 };
	await ingest([streamRecord(streamData(events.slice(0, 2)))], { ...quiet, witnesses: audit.witnesses });
	const { digests, logs } = trail();
	const answer = await backfill(asked, around([...digests, ...logs], audit));
	expect(answer).toMatchObject({
		faults: [],
		covered: [wholePeriod(2)],
		files: 2,
		events: 4,
		witnesses: 1,
		known: 2,
		differing: 0,
		poison: 0,
		cutShort: false,
	});
	expect((await audit.witnesses.about('run-1', { limit: 9 })).map(({ copy }) => copy).sort()).toEqual(['files', 'stream', 'stream']);
	expect(JSON.stringify([...audit.state.witnesses.values()])).not.toContain(sessionToken);
});

const hour = (n: number) => ({ fromMs: start + (n - 1) * HOUR, toMs: start + n * HOUR });

test('a file that was altered vouches for nothing, and nothing in it is believed', async () => {
	const { digests, logs } = trail();
	const forged = logs.map((log, index) =>
		index === 1 ? { ...log, bytes: gzipSync(JSON.stringify({ Records: [useEvent({ run: 'forged' })] })) } : log,
	);
	const audit = memoryAudit();
	const answer = await backfill(asked, around([...digests, ...forged], audit));
	expect(answer).toMatchObject({ covered: [hour(1)], witnesses: 2, faults: [{ is: 'log-altered', key: logs[1]?.key }] });
	expect(await audit.witnesses.about('forged', { limit: 1 })).toEqual([]);
	// The control: read for its events alone, the forged one is a witness like any other.
	expect(readEvent(useEvent({ run: 'forged' }), known, 'files')).toMatchObject({ is: 'witness' });
});

test('a file that no digest names is not read', async () => {
	const { digests, logs } = trail();
	const audit = memoryAudit();
	await backfill(asked, around([...digests, ...logs, logFile(start, [useEvent({ run: 'slipped-in' })], 'slipped')], audit));
	expect(await audit.witnesses.about('slipped-in', { limit: 1 })).toEqual([]);
});

test('an hour without a digest is not covered, its neighbour is', async () => {
	const { digests, logs } = trail();
	const answer = await backfill(asked, around([...digests.slice(1), ...logs]));
	expect(answer.faults.map(({ is }) => is)).toEqual(['missing-digest', 'gap']);
	expect(answer.covered).toEqual([{ fromMs: start + HOUR, toMs: start + 2 * HOUR }]);
	expect(answer.witnesses).toBe(1);
});

test("another trail's digests in the same bucket say nothing of ours", async () => {
	const { digests, logs } = trail();
	const others = signed(content(start + HOUR, { trail: 'another' })).object;
	expect(await backfill(asked, around([...digests, ...logs, others]))).toMatchObject({ faults: [], covered: [wholePeriod(2)] });
	// The control: ours, renamed so that it looks like another's, is missing.
	const renamed = digests.map((digest, nth) => (nth === 0 ? { ...digest, key: digest.key.replace('_throughline_', '_another_') } : digest));
	expect((await backfill(asked, around([...renamed, ...logs]))).faults.map(({ is }) => is)).toEqual(['missing-digest', 'gap']);
});

test('what there was no time for is said', async () => {
	const { digests, logs } = trail();
	let calls = 0;
	const answer = await backfill(
		asked,
		around([...digests, ...logs], memoryAudit(), () => (calls++ === 0 ? 600_000 : 1)),
	);
	expect(answer).toMatchObject({ cutShort: true, covered: [hour(1)], files: 1 });
});

test('an error of a port is thrown, and the same reading again brings everything', async () => {
	const { digests, logs } = trail();
	const broken = memoryAudit({ fault: ({ port, n }) => (port === 'witnesses' && n === 3 ? 'unknown-written' : undefined) });
	await expect(backfill(asked, around([...digests, ...logs], broken))).rejects.toThrow();
	const answer = await backfill(asked, around([...digests, ...logs], broken));
	expect(answer.covered).toEqual([wholePeriod(2)]);
	expect(broken.state.witnesses.size).toBe(3);
});
