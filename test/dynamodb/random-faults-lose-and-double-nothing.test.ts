/** L1, L2, S1, S3, S5: many faults at once, on runs with every effect class, parallel steps, and runs that want the same business key. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { DynamoOptions } from '../../adapters/dynamodb/store.ts';
import { type Chance, chanceFor } from '../crash/chance.ts';
import { type FaultPlan, pass } from './fault-proxy.ts';
import { faultsOf } from './faults.ts';
import type { Order } from './installation.ts';
import { localOptions } from './local-store.ts';
import { inTurn, metBy, type Played, played, sideBySide } from './played.ts';
import { reportPart } from './report.ts';
import { tallied } from './witness.ts';

const GROUPS = 6;
const chance = chanceFor('random faults');
let options: DynamoOptions;
const all: Played[] = [];
beforeAll(async () => {
	options = await localOptions(['book']);
});
afterAll(() => reportPart('random-faults', { ...metBy(all), seed: chance.seed }));

/** Choices are drawn before anything runs: the same seed breaks the same requests, whatever goes on beside. */
const REQUESTS = 2_000;
function randomly(from: Chance, percent: number): FaultPlan {
	const drawn = Array.from({ length: REQUESTS }, () => ({
		breaks: from.percent(percent),
		which: from.below(1),
		// Far beyond the writer's own repeats.
		by: 1 + Math.floor(from.below(20)),
		waits: from.percent(50),
	}));
	return ({ n, target }) => {
		const choice = drawn[n % REQUESTS];
		const possible = faultsOf(target);
		const fault = choice?.breaks ? possible[Math.floor(choice.which * possible.length)] : undefined;
		if (!choice || !fault) return pass;
		return fault.is === 'late' ? { ...fault, by: choice.by, caller: choice.waits ? 'waits' : 'gave-up' } : fault;
	};
}

/** The second of two that are about the same thing: under a business key, one of them is denied. */
const about = (order: Order, what: string): Order => ({
	...order,
	plans: order.plans.map((calls) => calls.map((one) => ({ ...one, input: { ...one.input, what } }))),
});

const groups = Array.from({ length: GROUPS }, (_, index) => ({ index, percent: [6, 18, 30][index % 3] ?? 6 }));
test.for(groups)('group $index, $percent of a hundred requests broken', async ({ index, percent }) => {
	const ordered = [
		{ keyed: false, orders: [inTurn(`a-${index}`)] },
		{ keyed: true, orders: [sideBySide(`b-${index}`)] },
		{ keyed: true, orders: [inTurn(`c-${index}`), about(inTurn(`d-${index}`), `c-${index}`)] },
	];
	const plays = ordered.map((one) => ({
		...one,
		retries: chance.percent(50) ? ('on' as const) : ('off' as const),
		plan: randomly(chance, percent),
	}));
	await Promise.all(
		plays.map(async (play) => {
			const one = await played({ ...play, options, database: inject('dynamodbEndpoint') });
			all.push(one);
			// A run in which nothing succeeded does not count.
			expect(tallied(one.site.asked).ok).toBeGreaterThan(10);
			expect({ seed: chance.seed, off: one.off.lines }).toEqual({ seed: chance.seed, off: [] });
		}),
	);
});

test('faults of every kind were among them', () => {
	const { faultsFired = {} } = metBy(all);
	expect(Object.keys(faultsFired).length).toBeGreaterThan(10);
	expect(
		Object.values(faultsFired)
			.flatMap((targets) => Object.values(targets))
			.reduce((sum, times) => sum + times, 0),
	).toBeGreaterThan(100);
});
