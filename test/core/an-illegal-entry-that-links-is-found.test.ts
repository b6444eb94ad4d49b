// L3: whoever can write to the store can link an entry properly. If it may not stand there, `verifyRun` says where and why.
import { expect, test } from 'vitest';
import { verifyRun } from '../../core/ledger/verify.ts';
import { entryOf, foldLine, RUN } from '../doubles/ledger-builder.ts';
import { moves, states } from './transitions.ts';

/** What only a whole reading finds: false words about a dropped step. */
const dropped = ['done, dropped', 'contradicted, dropped'];

test.for(Object.entries(states))('L3 after: %s', ([name, golden]) => {
	for (const [move, line] of Object.entries(moves)) {
		const { stored } = entryOf(golden.state, line(golden.state));
		const check = verifyRun(RUN, [...golden.stored, stored]);
		const folded = foldLine(golden, line);
		if (folded.is === 'illegal') expect(check, move).toMatchObject({ is: 'broken', place: golden.stored.length });
		else if (!dropped.includes(name)) expect(check, move).toMatchObject({ is: 'whole', state: { head: folded.state.head } });
	}
});
