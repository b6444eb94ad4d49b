/** The contract's checks go red on stores as one would write them first. */
import { expect, test } from 'vitest';
import type { Stretch } from '../../core/audit/coverage.ts';
import type { Coverage } from '../../core/ports.ts';
import { byTheirEnds, everyFactOnce } from './coverage-contract.ts';

/** One record an hour, of which the newest stands; everything comes back as it was put. */
function newestStands(): Coverage {
	const kept = new Map<string, Stretch>();
	return {
		put: async (stretch) => {
			const was = kept.has(`${stretch.region} ${stretch.toMs}`);
			kept.set(`${stretch.region} ${stretch.toMs}`, stretch);
			return was ? 'known' : 'kept';
		},
		ending: async () => [...kept.values()],
	};
}

/** Looks first and then writes, and says that both of two that race were first. */
function looksFirst(): Coverage {
	const kept: Stretch[] = [];
	return {
		put: async (stretch) => {
			const was = kept.some((one) => JSON.stringify(one) === JSON.stringify(stretch));
			await Promise.resolve();
			if (!was) kept.push(stretch);
			return was ? 'known' : 'kept';
		},
		ending: async ({ fromMs, toMs }, limit) => kept.filter((one) => fromMs <= one.toMs && one.toMs <= toMs).slice(0, limit),
	};
}

test.each([newestStands, looksFirst])('%o is caught', async (naive) => {
	await expect(everyFactOnce(naive())).rejects.toThrow();
	await expect(byTheirEnds(naive())).rejects.toThrow();
});
