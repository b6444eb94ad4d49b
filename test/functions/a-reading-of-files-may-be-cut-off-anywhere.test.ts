/** A2: whatever is kept of a reading that was cut off is true, and made again it comes to what an uninterrupted one does. */
import { expect, test } from 'vitest';
import { emptyAudit, type MemoryAuditState, memoryAudit } from '../../adapters/memory/audit.ts';
import { type Fault, faults } from '../../adapters/memory/faults.ts';
import { witnessesOf } from '../doubles/trail.ts';
import { auditOf, filesOf, livedRun, objectsIn } from './run-with-files.ts';

const lived = await livedRun();
const objects = objectsIn(filesOf(lived));
const all = witnessesOf(lived.events).map(({ eventID }) => eventID);

/** The hour that the run lived in is said to be read, and what it holds is not there. */
const isFalse = ({ coverage, witnesses }: MemoryAuditState): boolean =>
	[...coverage.values()].some(({ is, fromMs, toMs }) => is === 'read' && fromMs <= lived.openedAt && lived.openedAt < toMs) &&
	!all.every((id) => witnesses.has(id));

const whole = memoryAudit();
await auditOf(lived, whole).backfill(objects);
const calls = (whole.counts.calls['witnesses.put'] ?? 0) + (whole.counts.calls['coverage.put'] ?? 0);

test('control: an uninterrupted reading keeps every witness and every hour', () => {
	expect(calls).toBe(all.length + 4);
	expect([whole.state.witnesses.size, whole.state.coverage.size, isFalse(whole.state)]).toEqual([all.length, 4, false]);
});

const cases = faults.flatMap((fault): [Fault, number][] => Array.from({ length: calls }, (_, nth) => [fault, nth + 1]));
test.each(cases)('%s at call %i', async (fault, nth) => {
	const state = emptyAudit();
	let call = 0;
	const broken = memoryAudit({
		state,
		fault: () => {
			call += 1;
			return call === nth ? fault : undefined;
		},
	});
	await auditOf(lived, broken)
		.backfill(objects)
		.catch(() => 'cut off');
	expect(isFalse(state)).toBe(false);
	await auditOf(lived, memoryAudit({ state })).backfill(objects);
	expect([...state.coverage.keys()].sort()).toEqual([...whole.state.coverage.keys()].sort());
	expect([...state.witnesses.keys()].sort()).toEqual([...whole.state.witnesses.keys()].sort());
});

test('control: hours told before their witnesses are durable are caught', async () => {
	const state = emptyAudit();
	for (const [rank, stretch] of whole.state.coverage) state.coverage.set(rank, stretch);
	expect(isFalse(state)).toBe(true);
	const { reconcile } = auditOf(lived, memoryAudit({ state }));
	expect((await reconcile()).findings).not.toEqual([]);
});
