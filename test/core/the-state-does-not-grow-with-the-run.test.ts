// What a checkpoint holds is bounded by what is open, not by how long the run has been going on.
import { expect, test } from 'vitest';
import { FACTS_BYTES } from '../../core/bounds.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { encodeState } from '../../core/ledger/state.ts';
import {
	checkpoint,
	done,
	type Golden,
	granted,
	held,
	intent,
	personSays,
	resumed,
	stands,
	tellOn,
	told,
} from '../doubles/ledger-builder.ts';

const sizeOf = ({ state }: Golden): number => Buffer.byteLength(canonical(encodeState(state)));
const turn = (golden: Golden): Golden => {
	const step = golden.state.nextStep;
	const fact = (id: string) => ({ type: 'Order', id, attributes: { note: 'x'.repeat(400), items: ['a', 'b'] } });
	return tellOn(
		golden,
		intent('a.tool', 'b.tool', 'c.tool'),
		granted(step, 'manual'),
		granted(step + 1, 'replay', { spend: 3 }),
		resumed(),
		granted(step + 1),
		done(step + 1, { facts: Array.from({ length: 40 }, (_, index) => fact(`o-${step}-${index}`)) }),
		held(step, 'doubt'),
		personSays(step, 'failed'),
		// Late, and it contradicts.
		done(step, { contradicts: true }),
		stands(step, 'failed'),
		granted(step + 2, 'read'),
		done(step + 2),
		checkpoint({ memory: 'm' }),
	);
};

test('thirty turns leave no more behind than three', () => {
	let golden = told();
	for (let count = 0; count < 3; count += 1) golden = turn(golden);
	const early = sizeOf(golden);
	for (let count = 3; count < 30; count += 1) golden = turn(golden);
	expect(golden.entries.length).toBeGreaterThan(300);
	// Numbers have more digits by then.
	expect(sizeOf(golden)).toBeLessThan(early + 60);
	expect(Buffer.byteLength(canonical(golden.state.facts))).toBeLessThan(FACTS_BYTES + 1_000);
});
