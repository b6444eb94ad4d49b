// S5: a run that dies again and again without bringing anything about waits for a person in the end.
import { expect, test } from 'vitest';
import { checkpoint, done, frozen, granted, intent, type Line, resumed, tellOn, told } from '../doubles/ledger-builder.ts';

const count = (...lines: readonly Line[]): number => tellOn(told(intent('a.tool')), ...lines).state.resumesWithoutProgress;

test('recoveries upon each other are counted', () => {
	expect(count()).toBe(0);
	expect(count(resumed())).toBe(1);
	expect(count(resumed(), resumed(), resumed())).toBe(3);
});

test('whatever is recorded in between is progress', () => {
	for (const line of [granted(1, 'read'), checkpoint(), frozen()]) expect(count(resumed(), resumed(), line)).toBe(0);
	expect(count(granted(1, 'read'), resumed(), done(1), resumed())).toBe(1);
});

test('an answer, a handover or a person’s wish begins anew', () => {
	for (const reason of ['answer', 'handover', 'person'] as const) expect(count(resumed(), resumed(), resumed(reason))).toBe(0);
});
