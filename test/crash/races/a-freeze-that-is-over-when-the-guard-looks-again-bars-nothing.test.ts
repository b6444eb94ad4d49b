/**
 * An agent is frozen before a decision is recorded, and thawed before its guard looks once more: the grant is handed out, by right.
 * A random schedule had found that the check called this unauthorised, since it went by where the decision stands alone.
 */
import { expect, test } from 'vitest';
import { agentChain } from '../../../core/ids.ts';
import type { Store } from '../../../core/ledger/read.ts';
import type { Happening } from '../schedules/plan.ts';
import type { Naive } from '../schedules/world.ts';
import { once, type Scene, scene } from './in-turn.ts';

const asleep = { is: 'pause', ms: 2_000 } as const;
/** Frozen while the guard is about to append its decision. */
const frozen: readonly Happening[] = [once(null, { is: 'freeze', scope: 'agent' }, 12), once('ledger.append', asleep, 13)];
/** Thawed once it has, while it is about to look again. */
const thawed: readonly Happening[] = [once('ledger.append', { is: 'thaw' }, 16), once(null, asleep, 19)];

const handedOut = ({ world }: Scene) => world.functions.handedOut.filter(({ is }) => is === 'granted').length;
const decided = ({ world }: Scene): unknown[] =>
	world.desk.acts.filter(({ told }) => told === 'ok').map(({ is, from, stood }) => [is, from['run-1'], stood['run-1']]);

const looksAway = (store: Store): Store => {
	const { generation, read, append } = store.ledger;
	const latest: Store['ledger']['latest'] = async (chain, limit) => {
		const entries = await store.ledger.latest(chain, limit);
		return chain === agentChain('clerk') ? [] : entries;
	};
	return { ...store, ledger: { generation, read, latest, append } };
};
const naive: Naive = { store: looksAway };

test('what is decided in between is handed out after the thaw, and nothing is wrong', async () => {
	const scened = await scene(['fax.send'], [...frozen, ...thawed]);
	expect(decided(scened)).toEqual([
		['freeze', 2, 2],
		['thaw', 3, 3],
	]);
	expect(handedOut(scened)).toBe(1);
	expect(scened.findings).toEqual([]);
});

test('control: handed out while it is frozen, by a guard that does not look, is found', async () => {
	const scened = await scene(['fax.send'], frozen, naive);
	expect(handedOut(scened)).toBe(1);
	expect(scened.findings).toEqual(['unauthorised']);
});
