/** A2: whatever a record holds, and whichever port fails: it is done, pointed to in the queue, or delivered again. Beside it what one writes first. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { readEventText } from '../../core/audit/event.ts';
import { readLogsRecord } from '../../core/audit/logs-record.ts';
import type { PoisonPointer } from '../../core/audit/trail-ports.ts';
import { ingestHandler } from '../../functions/ingest/handler.ts';
import { type IngestSurroundings, ingest, type StreamRecord } from '../../functions/ingest/ingest.ts';
import { known, streamData, streamRecord, useEvent } from '../doubles/trail-events.ts';

function surroundings(more: Partial<IngestSurroundings> = {}) {
	const { witnesses, state } = memoryAudit();
	const poisoned: PoisonPointer[] = [];
	const poison = { put: async (pointer: PoisonPointer) => void poisoned.push(pointer) };
	return { around: { witnesses, poison, known, log: () => {}, remainingMs: () => 60_000, ...more }, kept: state.witnesses, poisoned };
}
const good = (run: string): StreamRecord => streamRecord(streamData([useEvent({ run })]));
const bad: Record<string, string> = {
	'no base64 at all': '%%%',
	'no gzip': Buffer.from('{"messageType":"DATA_MESSAGE"}').toString('base64'),
	'gzip cut off': Buffer.from(streamData([useEvent({ run: 'run-1' })]), 'base64')
		.subarray(0, 60)
		.toString('base64'),
	'no JSON': gzipSync('{').toString('base64'),
	'another shape': gzipSync('{"messageType":"DATA_MESSAGE","logEvents":[{}]}').toString('base64'),
	'another type': gzipSync('{"messageType":"OTHER","logEvents":[]}').toString('base64'),
	'a bomb': gzipSync(Buffer.alloc(40 * 1_048_576)).toString('base64'),
	'an event that is none': streamData(['{"eventID":1}']),
	'an event that is no JSON': streamData(['{']),
};

test.each(Object.entries(bad))('%s is pointed to, and what is beside it is kept', async (_, data) => {
	const { around, kept, poisoned } = surroundings();
	const [before, poison, after] = [good('run-1'), streamRecord(data), good('run-2')];
	const { failed, counts } = await ingest([before, poison, after], around);
	expect(failed).toEqual([]);
	expect(counts.poison).toBe(1);
	expect(kept.size).toBe(2);
	expect(poisoned).toMatchObject([{ sequenceNumber: poison.sequenceNumber, shard: poison.shard, stream: poison.stream }]);
});

test('an event among others that nobody can read takes none of them along', async () => {
	const { around, kept, poisoned } = surroundings();
	await ingest([streamRecord(streamData([useEvent({ run: 'run-1' }), '{', useEvent({ run: 'run-2' })]))], around);
	expect(kept.size).toBe(2);
	expect(poisoned).toMatchObject([{ message: 1, why: 'not JSON' }]);
});

test('many in one record are pointed to together, and each counts', async () => {
	const { around, kept, poisoned } = surroundings();
	const record = streamRecord(streamData([useEvent({ run: 'run-1' }), ...Array.from({ length: 5_000 }, () => '{')]));
	expect((await ingest([record], around)).counts).toMatchObject({ witnesses: 1, poison: 5_000, failed: 0 });
	expect(kept.size).toBe(1);
	expect(poisoned).toMatchObject([{ sequenceNumber: record.sequenceNumber, why: '5000 of its messages; of the first: not JSON' }]);
	expect(poisoned[0]).not.toHaveProperty('message');
});

test('a message that only says that the stream can be reached is skipped', async () => {
	const { around, poisoned } = surroundings();
	const { counts } = await ingest(
		[streamRecord(streamData(['CWL CONTROL MESSAGE: Checking health of destination'], 'CONTROL_MESSAGE'))],
		around,
	);
	expect([counts, poisoned]).toMatchObject([{ control: 1, events: 0, poison: 0 }, []]);
});

test('a queue that does not take it has the record delivered again', async () => {
	const refusing = { put: async () => Promise.reject(new Error('no queue')) };
	const { around, kept } = surroundings({ poison: refusing });
	const poison = streamRecord('%%%');
	expect((await ingest([good('run-1'), poison, good('run-2')], around)).failed).toEqual([poison.sequenceNumber]);
	expect(kept.size).toBe(2);
});

test('what there is no time for is delivered again', async () => {
	let calls = 0;
	const { around, kept } = surroundings({ remainingMs: () => (calls++ < 1 ? 60_000 : 100) });
	const records = [good('run-1'), good('run-2'), good('run-3')];
	expect((await ingest(records, around)).failed).toEqual(records.slice(1).map(({ sequenceNumber }) => sequenceNumber));
	expect(kept.size).toBe(1);
});

const kinesisEvent = (records: readonly StreamRecord[]) => ({
	Records: records.map(({ stream, shard, sequenceNumber, data }) => ({
		eventID: `${shard}:${sequenceNumber}`,
		eventSource: 'aws:kinesis',
		eventSourceARN: `arn:aws:kinesis:eu-west-1:111122223333:stream/${stream}`,
		kinesis: { partitionKey: 'p', sequenceNumber, data, approximateArrivalTimestamp: 1 },
	})),
});

test('the answer to Kinesis names each record that failed; one line says what became of the batch', async () => {
	const broken = memoryAudit({ fault: ({ n }) => (n === 2 ? 'unknown-not-written' : undefined) });
	const lines: string[] = [];
	const { around } = surroundings({ witnesses: broken.witnesses });
	const handler = ingestHandler({ ...around, say: (line) => void lines.push(line), now: () => 5 });
	const records = [good('run-1'), good('run-2'), good('run-3')];
	const context = { getRemainingTimeInMillis: () => 60_000 };
	const answer = await handler(kinesisEvent(records) as never, context as never);
	expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: records[1]?.sequenceNumber }] });
	expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ function: 'ingest', records: 2, failed: 1, _aws: { Timestamp: 5 } }]);
	await expect(handler({ Records: [{}] } as never, context as never)).rejects.toThrow();
});

/** The control: reads a batch in one go, and takes what it can't read for nothing. */
async function naive(records: readonly StreamRecord[], { witnesses }: IngestSurroundings): Promise<{ failed: string[] }> {
	for (const { data } of records) {
		const content = readLogsRecord(data);
		for (const text of content.is === 'messages' ? content.messages : []) {
			const reading = readEventText(text, known, 'stream');
			if (reading.is === 'witness') void witnesses.put(reading.witness).catch(() => {});
		}
	}
	return { failed: [] };
}

/** Done, pointed to, or to be delivered again. */
async function accountedFor(
	take: (records: readonly StreamRecord[], around: IngestSurroundings) => Promise<{ failed: readonly string[] }>,
) {
	const broken = memoryAudit({ fault: ({ n }) => (n === 2 ? 'unknown-not-written' : undefined) });
	const { around, poisoned } = surroundings({ witnesses: broken.witnesses });
	const records = [good('run-1'), streamRecord('%%%'), good('run-2'), good('run-3')];
	const { failed } = await take(records, around);
	return broken.state.witnesses.size + poisoned.length + failed.length;
}

test('four records are accounted for; the control loses two', async () => {
	expect(await accountedFor(ingest)).toBe(4);
	expect(await accountedFor(naive)).toBe(2);
});
