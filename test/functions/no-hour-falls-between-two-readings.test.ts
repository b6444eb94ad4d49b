/** A2: a schedule is late now and then; whenever it calls, the next reading begins before the last one ended. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { backfillHandler } from '../../functions/backfill/handler.ts';
import { known, otherEvent } from '../doubles/trail-events.ts';
import { bucketOf, content, type Digest, HOUR, logFile, pair, scope, signed, start, trailKey } from '../doubles/trail-files.ts';

const context = { getRemainingTimeInMillis: () => 600_000 };
function reading(at: number, objects: Parameters<typeof bucketOf>[0] = []) {
	const audit = memoryAudit();
	const told: string[] = [];
	const { bucket: _, account, region, trail } = scope;
	const handler = backfillHandler({
		...audit,
		files: bucketOf(objects),
		keys: { inForce: async () => [{ ...trailKey(pair.publicKey), validFromMs: 0, validToMs: 4e12 }] },
		known,
		trail: { account, regions: [region], trail, prefix: '' },
		log: ({ name }) => void told.push(name),
		say: () => {},
		now: () => at,
	});
	return { audit, told, ask: (event: object = {}) => handler(event as never, context as never) };
}

property.prop([fc.array(fc.integer({ min: 0, max: 59 * 60_000 }), { minLength: 2, maxLength: 5 })])('whenever it calls', async (delays) => {
	const periods = [];
	for (const [day, delay] of delays.entries()) periods.push((await reading(start + day * 24 * HOUR + delay).ask()).period);
	for (const [index, { fromMs }] of periods.entries()) expect(fromMs).toBeLessThanOrEqual(periods[index - 1]?.toMs ?? fromMs);
});

test('control: a day at a time, an hour would', () => {
	const toMs = (at: number) => Math.floor((at - 3 * HOUR) / HOUR) * HOUR;
	const [first, second] = [toMs(start + HOUR - 1), toMs(start + 25 * HOUR + 1)];
	expect(second - 24 * HOUR).toBeGreaterThan(first);
});

test('what it has read and what it lacks is kept, and every fault is told', async () => {
	const logs = [1, 2, 3, 4, 5].map((hour) => logFile(start + hour * HOUR - 600_000, [otherEvent(hour)]));
	const digests: Digest[] = [];
	for (const [nth, log] of logs.entries())
		digests.push(signed(content(start + (nth + 1) * HOUR, { previous: digests.at(-1), logs: [log] })));
	const { audit, told, ask } = reading(start + 9 * HOUR, [
		...digests.filter((_, nth) => nth !== 2).map(({ object }) => object),
		...logs.slice(1),
	]);
	const { regions } = await ask({ period: { fromMs: start, toMs: start + 5 * HOUR } });
	expect(regions).toMatchObject([
		{
			region: scope.region,
			covered: [
				{ fromMs: start + HOUR, toMs: start + 2 * HOUR },
				{ fromMs: start + 3 * HOUR, toMs: start + 5 * HOUR },
			],
		},
	]);
	expect(told.toSorted()).toEqual(['gap', 'log-missing', 'missing-digest']);
	expect([...audit.state.coverage.values()].map(({ is }) => is).sort()).toEqual(['faulty', 'missing', 'read', 'read', 'read']);
});
