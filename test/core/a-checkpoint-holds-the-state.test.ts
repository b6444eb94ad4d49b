// L3: what a checkpoint says is what the entries before it come to, to the letter, and it reads back as it was.
import { test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { canonical } from '../../core/ledger/chain.ts';
import { clearState, encodeState } from '../../core/ledger/state.ts';
import { checkpoint, done, foldLine, granted, intent, told } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';

property.prop([moves()], { numRuns: 40 })('the state of any run reads back as it was', (all) => {
	const clear = encodeState(ledgerOf(all).state);
	expect(clearState.parse(JSON.parse(canonical(clear)))).toEqual(clear);
	expect(canonical(clearState.parse(JSON.parse(canonical(clear))))).toBe(canonical(clear));
});

test('it drops the steps that have ended, and what content alone knows', () => {
	const facts = [{ type: 'Order', id: 'o-1', attributes: { paid: true } }];
	const { state } = told(intent('a.tool', 'b.tool'), granted(1, 'read'), done(1, { facts }));
	const clear = encodeState(state);
	expect(Object.keys(clear.steps)).toEqual(['2']);
	expect(canonical(clear)).not.toContain('Order');
});

test('L3 a checkpoint that says anything else is illegal', () => {
	const golden = told(intent('a.tool', 'b.tool'), granted(1, 'manual'));
	const lies = [
		{ spend: 7 },
		{ epoch: 3 },
		{ nextStep: 9 },
		{ turns: 0 },
		{ steps: {} },
		{ root: '0'.repeat(64) },
		{ budget: { steps: 1_000, turns: 100, spend: null } },
		{ contradictions: [{ step: 1, place: 1 }] },
		{ frozen: { at: 0, by: 'local:eve', place: 1 } },
		{ resumesWithoutProgress: 4 },
	];
	expect(foldLine(golden, checkpoint()).is).toBe('legal');
	for (const lie of lies) {
		const folded = foldLine(golden, checkpoint({ state: (state) => ({ ...state, ...lie }) as typeof state }));
		expect(folded, JSON.stringify(lie)).toMatchObject({ is: 'illegal' });
	}
});
