// S4: an approval holds for a day; after that the person is asked again, and may be.
import { expect, test } from 'vitest';
import { APPROVAL_MS } from '../../core/bounds.ts';
import { after, approved, foldLine, held, tellOn } from '../doubles/ledger-builder.ts';
import { consider, known, shownBy, withApproval } from './considering.ts';

const policies = withApproval();
const asked = held(2, 'approval', { effect: 'manual', shown: shownBy() });
const lines = [asked, approved(2)];

test('to the millisecond', () => {
	expect(consider({ policies, lines, afterMs: APPROVAL_MS - 1 })).toMatchObject({ is: 'allow', reason: 'approved' });
	expect(consider({ policies, lines, afterMs: APPROVAL_MS })).toMatchObject({ is: 'ask' });
});

test('the same question is asked again, and answered again', () => {
	const again = tellOn(known(), ...lines, after(APPROVAL_MS, asked));
	expect(again.state.steps[2]).toMatchObject({ approval: null, hold: { answered: false } });
	expect(foldLine(again, approved(2)).is).toBe('legal');
	expect(consider({ golden: tellOn(again, approved(2)), policies })).toMatchObject({ is: 'allow', reason: 'approved' });
});
