// L2, L3: a control chain holds `frozen` and `thawed` in turn and nothing else.
import { expect, test } from 'vitest';
import { emptyState } from '../../adapters/memory/store.ts';
import { canonical, NO_HASH, sha256 } from '../../core/ledger/chain.ts';
import { verifyControl, verifyRun } from '../../core/ledger/verify.ts';
import { freezeChain } from '../../functions/freeze/freeze.ts';
import { nonceOf, RUN, START, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const event = { by: 'local:alice', reason: 'an incident' };
const chain = '@agent:desk';

test('what freezing and thawing write verifies', async () => {
	const state = emptyState();
	const { store } = processOver(state);
	expect(verifyControl(chain, [])).toMatchObject({ is: 'whole', entries: 0 });
	for (const is of ['freeze', 'thaw', 'freeze'] as const)
		expect(await freezeChain(chain, { is, ...event }, store)).toEqual({ is: 'recorded' });
	expect(await freezeChain(chain, { is: 'freeze', ...event }, store)).toEqual({ is: 'already' });
	const stored = state.chains.get(chain) ?? [];
	expect(verifyControl(chain, stored)).toMatchObject({ is: 'whole', entries: 3 });
	expect(verifyControl('@all', stored)).toMatchObject({ is: 'broken', place: 0 });
	expect(verifyControl(chain, stored.slice(1))).toMatchObject({ is: 'broken', place: 0 });
	expect(verifyRun(chain, stored)).toMatchObject({ is: 'broken', place: 0 });
});

/** A chain of these kinds, linked as it should be. */
function linked(kinds: readonly string[], more: Record<string, unknown> = {}) {
	let prev = NO_HASH;
	return kinds.map((kind, place) => {
		const body = canonical({
			v: 1,
			run: chain,
			place,
			prev,
			at: START,
			epoch: 0,
			gen: 'memory',
			nonce: nonceOf(place),
			kind,
			by: 'local:alice',
			...more,
		});
		prev = sha256(body);
		return { chain, place, body };
	});
}

test.for([
	['frozen twice', linked(['frozen', 'frozen']), 1],
	['thawed first', linked(['thawed']), 0],
	['another kind', linked(['frozen', 'closed'], { how: 'stopped' }), 0],
	['another epoch', linked(['frozen'], { epoch: 1 }), 0],
	['content', linked(['frozen'], { sealed: { bytes: 'AAAA' } }), 0],
	['no entry at all', linked(['frozen'], { by: '' }), 0],
] as const)('L3 %s is found', ([, stored, place]) => {
	expect(verifyControl(chain, stored)).toMatchObject({ is: 'broken', place });
});

test('a run’s entries are none', () => {
	expect(verifyControl(RUN, told().stored)).toMatchObject({ is: 'broken', place: 0, why: 'opened where frozen is next' });
});
