// A person's no ends the step, whatever the policies would say, and nothing takes it back.
import { expect, test } from 'vitest';
import { foldLine, granted, held, refused, tellOn } from '../doubles/ledger-builder.ts';
import { consider, known, permissive, withApproval } from './considering.ts';

const lines = [held(2, 'approval', { effect: 'manual' }), refused(2)];

test('under any policies, in any mode', () => {
	for (const policies of [permissive(), withApproval()]) {
		for (const mode of ['enforce', 'log-only'] as const) {
			expect(consider({ lines, policies, mode })).toEqual({ is: 'deny', reason: 'person', why: 'refused by local:alice', policies: [] });
		}
	}
});

test('L3 it is neither asked about again nor granted', () => {
	const golden = tellOn(known(), ...lines);
	expect(foldLine(golden, held(2, 'approval', { shown: 'c'.repeat(64) }))).toEqual({ is: 'illegal', why: 'a person has refused it' });
	expect(foldLine(golden, granted(2))).toEqual({ is: 'illegal', why: 'nothing is granted that a person has refused' });
});

test('a doubt about an earlier attempt does not take it back', () => {
	const golden = tellOn(known(), granted(2, 'replay'), held(2, 'approval'), refused(2), held(2, 'doubt'));
	expect(golden.state.steps[2]?.approval?.answer).toBe('refused');
});
