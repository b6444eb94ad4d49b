// L3: a checkpoint drops ended steps, so a later fold cannot judge what is said of them. A whole reading does.
import { expect, test } from 'vitest';
import { verifyRun } from '../../core/ledger/verify.ts';
import {
	absent,
	checkpoint,
	committed,
	done,
	failed,
	foldLine,
	found,
	type Golden,
	granted,
	intent,
	type Line,
	lookedUp,
	outcome,
	personSays,
	RUN,
	stands,
	superseded,
	tellOn,
	told,
} from '../doubles/ledger-builder.ts';

const check = (golden: Golden, ...lines: Line[]) => verifyRun(RUN, tellOn(golden, ...lines).stored);
const wasFailed = told(intent('a.tool', 'b.tool'), granted(1, 'manual'), failed(1), checkpoint());
const wasReplayed = told(intent('a.tool'), granted(1, 'replay'), granted(1), done(1, { attempts: [2] }), checkpoint());

test('the truth is whole, and what it says of itself is believed', () => {
	expect(check(wasFailed, failed(1, { contradicts: false })).is).toBe('whole');
	expect(check(wasFailed, done(1, { contradicts: true }))).toMatchObject({
		is: 'whole',
		state: { contradictions: [{ step: 1, place: 5 }] },
	});
});

test.for([
	['that it contradicts nothing', done(1, { contradicts: false })],
	['that it contradicts', failed(1, { contradicts: true })],
	['what an attempt did that never was', failed(1, { attempts: [2], contradicts: false })],
] as const)('L3 it may not say %s', ([, line]) => {
	expect(check(wasFailed, line)).toMatchObject({ is: 'broken', place: 5 });
});

test('L3 what was said late counts for what is said later still', () => {
	// Attempt 1 was open when its step was dropped; it ends by its own late word, and cannot take that back.
	expect(check(wasReplayed, failed(1, { attempts: [1], contradicts: false })).is).toBe('whole');
	expect(check(wasReplayed, failed(1, { attempts: [1], contradicts: false }), done(1, { attempts: [1], contradicts: true })).is).toBe(
		'whole',
	);
	expect(
		check(wasReplayed, failed(1, { attempts: [1], contradicts: false }), done(1, { attempts: [1], contradicts: false })),
	).toMatchObject({
		is: 'broken',
		place: 7,
	});
});

test('L3 so does what a person says stands', () => {
	const settled: Line[] = [done(1, { contradicts: true }), stands(1, 'done')];
	const after = check(wasFailed, ...settled);
	expect(after.is === 'whole' && after.steps.get(1)?.end).toMatchObject({ result: 'done', by: 'person' });
	expect(check(wasFailed, ...settled, done(1, { contradicts: false })).is).toBe('whole');
	expect(check(wasFailed, ...settled, done(1, { contradicts: true }))).toMatchObject({ is: 'broken', place: 7 });
});

test.for([
	['the target', found(1, { contradicts: true })],
	['the target, agreeing', absent(1, { contradicts: false })],
	['the guard', superseded(1, { contradicts: false })],
	['the guard, committing', committed(1, { contradicts: true })],
	['a person', personSays(1, 'failed')],
	['a person about nothing contradicted', stands(1, 'done')],
	['a tool about two attempts', outcome(1, { result: 'failed', by: 'tool', attempts: [1, 2], contradicts: false })],
	['a tool about a step that was never planned', outcome(3, { result: 'failed', by: 'tool', contradicts: false })],
	['a grant', granted(1, 'manual')],
	['a lookup', lookedUp(1)],
] as const)('L3 nobody else speaks of a dropped step: %s', ([, line]) => {
	expect(foldLine(wasFailed, line)).toMatchObject({ is: 'illegal' });
});
