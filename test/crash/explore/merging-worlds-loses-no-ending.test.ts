/** Worlds that were seen are not explored again. Exploring every path to its end, however often it was seen, finds the same endings. */
import { expect, test } from 'vitest';
import { parseStored } from '../../../core/ledger/chain.ts';
import { call } from '../../doubles/clerk.ts';
import { linesOf } from '../../doubles/lines.ts';
import { fakePolicies } from '../../doubles/policies.ts';
import { remember } from '../remember/remembered.ts';
import { fingerprints } from '../world/fingerprint.ts';
import type { Kind } from '../world/kinds.ts';
import type { World } from '../world/world.ts';
import { explore } from './explore.ts';
import { errand, RUN } from './scenarios/clerk.ts';
import { frozenAndThawed } from './scenarios/operations.ts';

/** An ending in words of its own: the fingerprint has no part in it. */
function told({ state, journal, nowMs }: World): string {
	const chains = [...state.chains].sort().map(([chain, stored]) => {
		const entries = stored.flatMap((one) => {
			const parsed = parseStored(one);
			return 'entry' in parsed ? [parsed.entry] : [];
		});
		return [chain, linesOf(entries), entries.map(({ at, epoch }) => [at, epoch])];
	});
	const effects = journal.effects.map(({ sink, step, attempt, stood }) => [sink, step, attempt, stood]);
	return JSON.stringify([chains, effects, journal.refused.length, [...state.items], nowMs]);
}

// Of what is explored here, most is gone again and again: the code of a process need not be run each time.
remember.begin();

type Options = { readonly faults: number; readonly kinds?: readonly Kind[] };
async function endings(scenario: ReturnType<typeof errand>, print: ((world: World) => string) | undefined, options: Options) {
	const all = new Set<string>();
	const explored = await explore(scenario, { ...options, print, onEnd: (world) => void all.add(told(world)) });
	return { all, transitions: explored.transitions, violations: explored.violations.length };
}

const simple = (tool: string) => errand(tool, { plans: { [RUN]: [[call(tool)]] } });
const frozen = () => errand('frozen', { plans: { [RUN]: [[call('pay.send')]] }, operations: frozenAndThawed(RUN) });
const denied = () => errand('denied', { plans: { [RUN]: [[call('letter.send')]] }, policies: fakePolicies(() => 'deny'), unsure: true });
const few: readonly Kind[] = ['crash-after', 'unknown-written'];

test.for<[string, () => ReturnType<typeof errand>, Options]>([
	['one fault, a lookup', () => simple('parcel.send'), { faults: 1 }],
	['one fault, a manual step', () => simple('letter.send'), { faults: 1 }],
	['one fault of two kinds, with a freeze at any moment', frozen, { faults: 1, kinds: few }],
	['two faults of two kinds, a transaction', () => simple('book.post'), { faults: 2, kinds: few }],
	['two faults of four kinds, a denial', denied, { faults: 2, kinds: ['crash-before', 'unavailable', 'retried', 'twice'] }],
])('%s', { timeout: 600_000 }, async ([, make, options]) => {
	const merged = await endings(make(), fingerprints(), options);
	const whole = await endings(make(), undefined, options);
	expect(merged.all).toEqual(whole.all);
	expect([merged.violations, whole.violations]).toEqual([0, 0]);
	expect(merged.transitions).toBeLessThan(whole.transitions);
});

test('control: worlds that are one because they have as many entries lose endings', { timeout: 600_000 }, async () => {
	const coarse = (world: World): string =>
		JSON.stringify([[...world.state.chains].map(([chain, entries]) => [chain, entries.length]), world.executions]);
	const merged = await endings(simple('parcel.send'), coarse, { faults: 1 });
	const whole = await endings(simple('parcel.send'), undefined, { faults: 1 });
	expect(merged.all.size).toBeLessThan(whole.all.size);
});
