// A decision rests on the ledger alone, so a verifier asks the same question: the input, counters of the run, and facts with their age.
import { expect, test } from 'vitest';
import { checkpoint, done, foldedFrom, granted, intent, placesOf, resumed, tellOn, withdrawn } from '../doubles/ledger-builder.ts';
import { consider, input, known, permissive } from './considering.ts';

test('the whole question', () => {
	const policies = permissive();
	consider({ policies, lines: [granted(2, 'manual', { spend: 700 }), withdrawn(2), resumed()], afterMs: 5_999 });
	expect(policies.asked).toEqual([
		{
			principal: { type: 'Agent', id: 'desk' },
			action: { type: 'Action', id: 'payments.refund' },
			resource: { type: 'Charge', id: 'c-1' },
			// Seven entries, a second each, and what has passed since, in whole seconds.
			context: { input, approved: false, run: { steps: 2, attempt: 2, ageSeconds: 12, spend: 700, resumed: 1 } },
			entities: [{ uid: { type: 'Charge', id: 'c-1' }, attrs: { remainingCents: 5_000, ageSeconds: 9 }, parents: [] }],
		},
	]);
});

test('without facts about the resource there is no entity', () => {
	const policies = permissive();
	consider({ policies, call: { input: { ...input, charge: 'c-2' }, purpose: 'due' } });
	expect(policies.asked[0]?.entities).toEqual([]);
});

test('a clock that went backwards makes nothing younger than new', () => {
	const policies = permissive();
	consider({ policies, afterMs: -60_000 });
	expect(policies.asked[0]?.entities[0]?.attrs.ageSeconds).toBe(0);
	expect(policies.asked[0]?.context.run).toMatchObject({ ageSeconds: 0 });
});

test('it is the same whoever asks it, from the start or from a checkpoint on', () => {
	const golden = tellOn(
		known(),
		checkpoint(),
		granted(2, 'read'),
		done(2, { facts: [{ type: 'Charge', id: 'c-9', attributes: { remainingCents: 1 } }] }),
		checkpoint({ memory: 1 }),
		intent('payments.refund'),
	);
	const [plain, ...others] = [0, ...placesOf(golden, 'checkpoint')].map((place) => {
		const folded = foldedFrom(golden, place);
		const policies = permissive();
		if (folded.is === 'legal') consider({ golden: { ...golden, state: folded.state }, step: 3, policies });
		return policies.asked;
	});
	expect(plain).toHaveLength(1);
	for (const other of others) expect(other).toEqual(plain);
});
