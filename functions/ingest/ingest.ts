/**
 * CloudTrail's events, as a subscription puts them into the stream, become witnesses: once each, in any order, without
 * secrets (A3). What is none of ours is counted and dropped; what nobody can read is pointed to in a queue.
 *
 * A crash anywhere in here, or a throw, leaves records that the stream delivers again; a witness kept twice is one witness.
 */
import { createHash } from 'node:crypto';
import { readEventText } from '../../core/audit/event.ts';
import type { Known } from '../../core/audit/known.ts';
import { readLogsRecord } from '../../core/audit/logs-record.ts';
import type { Poison, PoisonPointer } from '../../core/audit/trail-ports.ts';
import type { Witness } from '../../core/audit/witness.ts';
import type { Witnesses } from '../../core/ports.ts';
import { putAll } from './put-all.ts';

export type StreamRecord = {
	/** The stream's name, its shard, and the record's place in it. */
	readonly stream: string;
	readonly shard: string;
	readonly sequenceNumber: string;
	readonly data: string;
};

/** What became of a batch. `failed` are records of which nothing may be taken for done: they are delivered again. */
export type IngestAnswer = { readonly failed: readonly string[]; readonly counts: IngestCounts };
export type IngestCounts = {
	records: number;
	control: number;
	events: number;
	/** New ones; those that had been kept before; and those of which an earlier copy said otherwise. */
	witnesses: number;
	known: number;
	differing: number;
	/** None of ours, by class. */
	dropped: Record<string, number>;
	poison: number;
	failed: number;
};

export type IngestSurroundings = {
	readonly witnesses: Witnesses;
	readonly poison: Poison;
	readonly known: Known;
	readonly log: (line: { name: string; message: string }) => void;
	/** What the runtime leaves this invocation, in milliseconds. */
	readonly remainingMs: () => number;
};

/** Enough to write down what one record holds. */
const RESERVE_MS = 5_000;
/** More messages of one record that can't be read are pointed to together. */
const POINTERS_PER_RECORD = 16;

export const noCounts = (): IngestCounts => ({
	records: 0,
	control: 0,
	events: 0,
	witnesses: 0,
	known: 0,
	differing: 0,
	dropped: {},
	poison: 0,
	failed: 0,
});

/** Never throws for what a record holds, or for a port that fails: both are told record by record. */
export async function ingest(records: readonly StreamRecord[], around: IngestSurroundings): Promise<IngestAnswer> {
	const counts = noCounts();
	const failed: string[] = [];
	for (const record of records) {
		// Whatever is left is delivered again, and nothing that was done is done for nothing.
		if (around.remainingMs() < RESERVE_MS) {
			failed.push(record.sequenceNumber);
			continue;
		}
		try {
			await take(record, around, counts);
		} catch (error) {
			failed.push(record.sequenceNumber);
			around.log({
				name: error instanceof Error ? error.name : 'unknown',
				message: `record ${record.sequenceNumber} is to be delivered again`,
			});
		}
	}
	counts.failed = failed.length;
	return { failed, counts };
}

/** One record, whole or not at all: it counts once everything in it is durable. */
async function take(record: StreamRecord, { witnesses, poison, known }: IngestSurroundings, counts: IngestCounts): Promise<void> {
	const content = readLogsRecord(record.data);
	const found: Witness[] = [];
	const pointers: PoisonPointer[] = [];
	const dropped: string[] = [];
	if (content.is === 'poison') pointers.push(pointerTo(record, { why: content.why, text: record.data }));
	for (const [message, text] of content.is === 'messages' ? content.messages.entries() : []) {
		const reading = readEventText(text, known, 'stream');
		if (reading.is === 'witness') found.push(reading.witness);
		else if (reading.is === 'not-ours') dropped.push(reading.class);
		else pointers.push(pointerTo(record, { why: reading.why, text, message }));
	}
	const ends = await putAll(witnesses, found);
	for (const pointer of fewOf(pointers, record)) await poison.put(pointer);

	counts.records += 1;
	counts.events += content.is === 'messages' ? content.messages.length : 0;
	counts.control += content.is === 'control' ? 1 : 0;
	counts.witnesses += ends.kept;
	counts.known += ends.known;
	counts.differing += ends.differing;
	counts.poison += pointers.length;
	for (const kind of dropped) counts.dropped[kind] = (counts.dropped[kind] ?? 0) + 1;
}

/** Whoever can write to the log group can fill a record with what nobody can read: pointing to each would take longer than a function may. */
function fewOf(pointers: readonly PoisonPointer[], record: StreamRecord): readonly PoisonPointer[] {
	if (pointers.length <= POINTERS_PER_RECORD) return pointers;
	return [pointerTo(record, { why: `${pointers.length} of its messages; of the first: ${pointers[0]?.why}`, text: record.data })];
}

function pointerTo(
	{ stream, shard, sequenceNumber }: StreamRecord,
	{ why, text, message }: { why: string; text: string; message?: number },
): PoisonPointer {
	const sha256 = createHash('sha256').update(text).digest('hex');
	return { stream, shard, sequenceNumber, ...(message !== undefined && { message }), sha256, why };
}
