/** Controls of the search: the same schedules and the same checker, in places that leave something out. And a failure can be played again. */
import { expect, test } from 'vitest';
import type { Store } from '../../../core/ledger/read.ts';
import { explore } from './explore.ts';
import type { Naive } from './world.ts';

const SEED = 2026;
const MOST = 1_500;

/** A lost place is taken for one's own: the lock is no lock. */
const takesLostPlaces = (store: Store): Store => {
	const { generation, read, latest, append } = store.ledger;
	const taken: Store['ledger']['append'] = async (entry, together) => {
		const answer = await append(entry, together);
		return answer.is === 'conflict' ? { is: 'appended' } : answer;
	};
	return { ...store, ledger: { generation, read, latest, append: taken } };
};

const naive: readonly (readonly [string, Naive])[] = [
	['a lost place is taken for one’s own', { store: takesLostPlaces }],
	['targets check no sessions', { targetsCheckNoSessions: true }],
	['the runtime ends nothing', { runtimeEndsNothing: true }],
];

test.for(naive)('%s: found, and found again under its seed and path', async ([, without]) => {
	const failure = await explore({ seed: SEED, numRuns: MOST, naive: without });
	if (!failure) throw new Error(`not found in ${MOST} schedules`);
	const again = await explore({ seed: failure.seed, path: failure.path, numRuns: 1, naive: without });
	expect(again?.says).toBe(failure.says);
	expect(await explore({ seed: failure.seed, path: failure.path, numRuns: 1 })).toBeUndefined();
});
