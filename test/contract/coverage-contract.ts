/**
 * What every store of coverage must do, whatever is underneath.
 * @see core/ports.ts for the promises, test/contract/coverage-naive.test.ts for what the checks catch.
 */
import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Stretch } from '../../core/audit/coverage.ts';
import type { Coverage } from '../../core/ports.ts';

export type OpenCoverage = () => Promise<Coverage>;

const HOUR = 3_600_000;
const hourOf = (hour: number, region: string) => ({
	v: 1 as const,
	trail: 'throughline',
	region,
	fromMs: (hour - 1) * HOUR,
	toMs: hour * HOUR,
});
export const readHour = (hour: number, region = 'eu-west-1'): Stretch => ({ ...hourOf(hour, region), is: 'read', late: false });
export const missingHour = (hour: number, region = 'eu-west-1'): Stretch => ({ ...hourOf(hour, region), is: 'missing', why: '' });
const everything = { fromMs: 0, toMs: 1_000 * HOUR };
const byBody = (some: readonly Stretch[]): string[] => some.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();

/** Each fact once, by however many readings; and what one has found does not replace what another has. */
export async function everyFactOnce(coverage: Coverage): Promise<void> {
	const ends = await Promise.all(Array.from({ length: 8 }, () => coverage.put(readHour(5))));
	assert.equal(ends.filter((end) => end === 'kept').length, 1, 'one fact was kept more than once, or never');
	assert.ok(ends.every((end) => end === 'kept' || end === 'known'));
	assert.equal(await coverage.put(missingHour(5)), 'kept');
	assert.equal(await coverage.put(readHour(5, 'us-east-1')), 'kept');
	assert.equal(await coverage.put(readHour(5)), 'known');
	assert.deepEqual(byBody(await coverage.ending(everything, 10)), byBody([readHour(5), missingHour(5), readHour(5, 'us-east-1')]));
}

/** In whatever order they came, those that end in the period and no others. */
export async function byTheirEnds(coverage: Coverage): Promise<void> {
	for (const hour of [12, 3, 7, 100]) await coverage.put(readHour(hour));
	assert.deepEqual(
		await coverage.ending(everything, 10),
		[3, 7, 12, 100].map((hour) => readHour(hour)),
	);
	assert.deepEqual(await coverage.ending({ fromMs: 3 * HOUR, toMs: 12 * HOUR }, 10), [readHour(7), readHour(12)]);
	assert.deepEqual(await coverage.ending({ fromMs: 3 * HOUR - 1, toMs: 12 * HOUR - 1 }, 10), [readHour(3), readHour(7)]);
	assert.deepEqual(await coverage.ending(everything, 2), [readHour(3), readHour(7)]);
	assert.deepEqual(await coverage.ending({ fromMs: 100 * HOUR, toMs: 900 * HOUR }, 2), []);
}

export function coverageContract({ name, open }: { name: string; open: OpenCoverage }): void {
	describe(name, () => {
		test('a fact is kept once, and no other replaces it', async () => everyFactOnce(await open()));
		test('facts come by their ends', async () => byTheirEnds(await open()));
		test('every kind of fact comes back as it was put', async () => {
			const coverage = await open();
			const faulty = { is: 'faulty', late: true, why: 'log-altered', eventsFromMs: 1, eventsToMs: 2 } as const;
			const facts: Stretch[] = [
				readHour(1),
				missingHour(2),
				{ ...hourOf(3, 'eu-west-1'), ...faulty },
				{ ...hourOf(4, 'eu-west-1'), is: 'read', late: true },
			];
			for (const fact of facts) await coverage.put(fact);
			expect(await coverage.ending(everything, 10)).toEqual(facts);
		});
	});
}
