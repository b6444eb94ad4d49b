/** One cause, one finding, one id: in whatever order witnesses come, however often, from whichever copy. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reconciling, reconcile } from '../../../core/audit/reconcile.ts';
import { useEvent } from '../../doubles/cloudtrail.ts';
import { given, QUEUE, sessionOf, told, without } from './run-with-trail.ts';

/** Two causes: a parcel that was never seen, and a call after the end of its grant. */
async function twoCauses(): Promise<Reconciling> {
	const run = await told();
	const at = (run.entries.at(-1)?.at ?? 0) + 600_000;
	const late = useEvent(sessionOf(run, 5), { source: 'sqs.amazonaws.com', name: 'SendMessage', at, resources: [QUEUE] });
	return without(given(run, { more: [late] }), ({ source }) => source === 'parcel.example.net');
}

test('any order, and copies of some', async () => {
	const reconciling = await twoCauses();
	const { findings } = reconcile(reconciling);
	expect(findings.map(({ kind }) => kind).sort()).toEqual(['outside-grant', 'unwitnessed-effect']);
	const all = [...reconciling.witnesses];
	const copies = all.map((one) => ({ ...one, copy: 'files' as const }));
	const orders = fc
		.shuffledSubarray([...all, ...copies], { minLength: all.length })
		.filter((some) => new Set(some.map(({ eventID }) => eventID)).size === all.length);
	fc.assert(
		fc.property(orders, (witnesses) => {
			expect(reconcile({ ...reconciling, witnesses }).findings).toEqual(findings);
		}),
	);
});

test('another of the same cause is no other finding', async () => {
	const run = await told();
	const at = (run.entries.at(-1)?.at ?? 0) + 600_000;
	const late = (nth: number) =>
		useEvent(sessionOf(run, 5), { source: 'sqs.amazonaws.com', name: 'SendMessage', at: at + nth * 1_000, nth, resources: [QUEUE] });
	const [once] = reconcile(given(run, { more: [late(1)] })).findings;
	const [twice, none] = reconcile(given(run, { more: [late(1), late(2)] })).findings;
	expect([twice?.id, none]).toEqual([once?.id, undefined]);
	expect(twice?.events).toHaveLength(2);
});

test('control: an id over all that a finding rests on changes with what is seen', async () => {
	const run = await told();
	const at = (run.entries.at(-1)?.at ?? 0) + 600_000;
	const late = (nth: number) =>
		useEvent(sessionOf(run, 5), { source: 'sqs.amazonaws.com', name: 'SendMessage', at, nth, resources: [QUEUE] });
	const naive = (more: ReturnType<typeof late>[]) => JSON.stringify(reconcile(given(run, { more })).findings[0]?.events);
	expect(naive([late(1)])).not.toBe(naive([late(1), late(2)]));
});
