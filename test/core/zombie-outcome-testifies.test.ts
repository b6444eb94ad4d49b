// L4: a late report from a fenced attempt is evidence. It ends an attempt that is open, and changes nothing that has ended.
import { expect, test } from 'vitest';
import { stepOf } from '../../core/ledger/state.ts';
import {
	done,
	failed,
	foldLine,
	granted,
	held,
	intent,
	ofEpoch,
	outcome,
	personSays,
	resumed,
	superseded,
	tellOn,
	told,
} from '../doubles/ledger-builder.ts';

const cutOff = told(intent('a.tool'), granted(1, 'manual'), resumed(), resumed());

test('L4 it ends its own open attempt, and the step with it', () => {
	const { state } = tellOn(cutOff, done(1, { epoch: 0 }));
	expect(stepOf(state, 1)?.end).toMatchObject({ result: 'done', by: 'tool', place: 5 });
	expect(state.epoch).toBe(2);
});

test('L4 it answers what a person was asked', () => {
	const { state } = tellOn(cutOff, held(1, 'doubt'), done(1, { epoch: 0 }));
	expect(stepOf(state, 1)).toMatchObject({ hold: { for: 'doubt', answered: true }, end: { result: 'done' } });
});

test('L4 a failure of one of two attempts does not answer what was asked about both', () => {
	const golden = told(intent('a.tool'), granted(1, 'replay'), granted(1), resumed(), held(1, 'doubt'));
	expect(stepOf(tellOn(golden, failed(1, { attempts: [2], epoch: 0 })).state, 1)?.hold?.answered).toBe(false);
	const both = tellOn(golden, failed(1, { attempts: [2], epoch: 0 }), failed(1, { attempts: [1], epoch: 0 }));
	expect(stepOf(both.state, 1)).toMatchObject({ hold: { answered: true }, end: { result: 'failed' } });
});

test('L4 after another attempt has done it, it is kept and changes nothing else', () => {
	const golden = told(intent('a.tool'), granted(1, 'replay'), resumed(), granted(1), done(1, { attempts: [2] }));
	const { state } = tellOn(golden, done(1, { attempts: [1], epoch: 0 }));
	expect(stepOf(state, 1)?.end).toEqual(stepOf(golden.state, 1)?.end);
	expect(stepOf(state, 1)?.attempts.map(({ end }) => end?.result)).toEqual(['done', 'done']);
	expect(state.contradictions).toEqual([]);
});

test('L4 a failure it reports leaves the step to the attempt that may still act', () => {
	const { state } = tellOn(told(intent('a.tool'), granted(1, 'replay'), resumed(), granted(1)), failed(1, { attempts: [1], epoch: 0 }));
	expect(stepOf(state, 1)?.end).toBeNull();
	expect(stepOf(state, 1)?.attempts.map(({ end }) => end?.result)).toEqual(['failed', undefined]);
});

test.for([
	['a decision', granted(1)],
	['a hold', held(1, 'doubt')],
	['an intent', intent('b.tool')],
	['what the target says', outcome(1, { result: 'failed', by: 'target' })],
	['what a person says', personSays(1, 'done')],
	['what the guard concludes', superseded(1, { reason: 'frozen' })],
] as const)('L4 %s by a fenced writer is illegal', ([, line]) => {
	const askable = tellOn(cutOff, held(1, 'doubt', { shown: 'b'.repeat(64) }));
	expect(foldLine(askable, ofEpoch(1, line))).toMatchObject({ is: 'illegal' });
});

test('L4 nor does anybody write for an epoch that has not begun', () => {
	expect(foldLine(cutOff, done(1, { epoch: 3 }))).toMatchObject({ is: 'illegal' });
});
