/** A2: batches come again, apart, in another order and with faults in between; what is kept is the same. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { ingest } from '../../functions/ingest/ingest.ts';
import { issueEvent, known, otherEvent, streamData, streamRecord, useEvent } from '../doubles/trail-events.ts';

const runs = ['run-1', 'run-2', 'run-3'].map((run) => ({ run }));
const events = [
	...runs.flatMap((session) => [issueEvent(session), useEvent(session), useEvent(session, { call: 2 })]),
	...[1, 2, 3].map(otherEvent),
];
const quiet = { poison: { put: async () => {} }, known, log: () => {}, remainingMs: () => 60_000 };

test('a batch becomes witnesses, and the rest is counted', async () => {
	const { witnesses, state } = memoryAudit();
	const { failed, counts } = await ingest([streamRecord(streamData(events))], { ...quiet, witnesses });
	expect(failed).toEqual([]);
	expect(counts).toMatchObject({ records: 1, events: 12, witnesses: 9, poison: 0, dropped: { 'other-role': 3 } });
	expect(state.witnesses.size).toBe(9);
	const again = await ingest([streamRecord(streamData([...events].reverse()))], { ...quiet, witnesses });
	expect(again.counts).toMatchObject({ witnesses: 0, known: 9, differing: 0 });
	const told = await witnesses.about('run-2', { limit: 10 });
	expect(told.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['issue AssumeRole', 'use GetObject', 'use GetObject']);
});

property.prop([
	fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
	fc.array(fc.nat(events.length), { maxLength: 6 }),
	fc.array(fc.nat(40), { maxLength: 6 }),
])('in any order, cut anywhere, delivered again after each fault', async (order, cuts, faults) => {
	const shuffled = order.map((index) => events[index]);
	const edges = [...new Set([0, ...cuts, shuffled.length])].sort((one, other) => one - other);
	const records = edges.slice(1).map((end, index) => streamRecord(streamData(shuffled.slice(edges[index], end))));
	let calls = 0;
	const { witnesses, state } = memoryAudit({
		fault: () => {
			calls += 1;
			return faults.includes(calls) ? (calls % 2 === 0 ? 'unknown-written' : 'unknown-not-written') : undefined;
		},
	});
	let left = records;
	for (let delivery = 0; left.length > 0 && delivery <= faults.length; delivery += 1) {
		const { failed } = await ingest(left, { ...quiet, witnesses });
		// Kinesis delivers again from the first that failed.
		const first = left.findIndex(({ sequenceNumber }) => failed.includes(sequenceNumber));
		left = first < 0 ? [] : left.slice(first);
	}
	expect(left).toEqual([]);
	expect([...state.witnesses.keys()].sort()).toEqual(
		events
			.slice(0, 9)
			.map((event) => event.eventID as string)
			.sort(),
	);
});

test('an event that comes twice and differently is told, and the first stands', async () => {
	const { witnesses } = memoryAudit();
	const event = useEvent({ run: 'run-1' });
	await ingest([streamRecord(streamData([event]))], { ...quiet, witnesses });
	const { counts } = await ingest([streamRecord(streamData([{ ...event, eventName: 'PutObject' }]))], { ...quiet, witnesses });
	expect(counts).toMatchObject({ witnesses: 0, known: 0, differing: 1 });
	expect((await witnesses.about('run-1', { limit: 1 })).map(({ name }) => name)).toEqual(['GetObject']);
});
