// S3: with one key the target did one thing, however many attempts arrived; each attempt says the truth about itself.
import { expect, test } from 'vitest';
import { verifyRun } from '../../core/ledger/verify.ts';
import { checkpoint, done, foldLine, granted, intent, RUN, tellOn, told } from '../doubles/ledger-builder.ts';

const golden = told(intent('a.tool'), granted(1, 'replay'), granted(1), done(1, { attempts: [2] }));

test('while the step is there', () => {
	const { state } = tellOn(golden, done(1, { attempts: [1], contradicts: false }));
	expect(state.contradictions).toEqual([]);
	expect(state.steps[1]?.end).toMatchObject({ result: 'done', place: 4 });
	expect(foldLine(golden, done(1, { attempts: [1], contradicts: true }))).toEqual({ is: 'illegal', why: 'contradicts nothing' });
});

test('when a checkpoint has dropped it', () => {
	const dropped = tellOn(golden, checkpoint());
	expect(verifyRun(RUN, tellOn(dropped, done(1, { attempts: [1], contradicts: false })).stored).is).toBe('whole');
	expect(verifyRun(RUN, tellOn(dropped, done(1, { attempts: [1], contradicts: true })).stored)).toMatchObject({
		is: 'broken',
		place: 6,
		why: 'says falsely whether it contradicts the record',
	});
});

test('the same attempt saying the same twice adds nothing', () => {
	const { state } = tellOn(golden, done(1, { attempts: [2] }));
	expect({ ...state, head: golden.state.head }).toEqual(golden.state);
});
