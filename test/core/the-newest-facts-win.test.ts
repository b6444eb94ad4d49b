// Facts are what policies rely on: of each entity the newest counts, and their number and size are bounded.
import { expect, test } from 'vitest';
import { FACTS_BYTES, FACTS_PER_RUN } from '../../core/bounds.ts';
import { canonical } from '../../core/ledger/chain.ts';
import type { FactRecord } from '../../core/ledger/content.ts';
import { rememberFacts } from '../../core/ledger/state.ts';
import { done, granted, intent, told } from '../doubles/ledger-builder.ts';

const fact = (id: string, value: string | number, at = 0): FactRecord => ({ type: 'Order', id, attributes: { value }, at, step: 1 });

test('a newer fact replaces the older of the same entity', () => {
	expect(rememberFacts([fact('a', 1), fact('b', 1)], [fact('a', 2, 5)])).toEqual([fact('b', 1), fact('a', 2, 5)]);
});

test('of two in one outcome the later counts', () => {
	expect(rememberFacts([], [fact('a', 1), fact('b', 1), fact('a', 2)])).toEqual([fact('b', 1), fact('a', 2)]);
});

test('another type of the same name is another entity', () => {
	const customer = { ...fact('a', 1), type: 'Customer' };
	expect(rememberFacts([fact('a', 1)], [customer])).toEqual([fact('a', 1), customer]);
	// No separator can be smuggled in.
	const [left, right] = [
		{ ...fact('c', 1), type: 'a","b' },
		{ ...fact('b","c', 2), type: 'a' },
	];
	expect(rememberFacts([left], [right])).toEqual([left, right]);
});

test('their number is bounded: the oldest go first', () => {
	const many = Array.from({ length: FACTS_PER_RUN + 20 }, (_, index) => fact(`o-${index}`, index));
	expect(rememberFacts(many.slice(0, 100), many.slice(100))).toEqual(many.slice(20));
});

test('their size is bounded: the oldest go first', () => {
	const large = Array.from({ length: 100 }, (_, index) => fact(`o-${index}`, 'x'.repeat(4_000)));
	const kept = rememberFacts([], large);
	expect(kept).toEqual(large.slice(-kept.length));
	const sizeOf = (facts: readonly FactRecord[]) => facts.reduce((sum, each) => sum + Buffer.byteLength(canonical(each)), 0);
	expect(sizeOf(kept)).toBeLessThanOrEqual(FACTS_BYTES);
	expect(sizeOf(large.slice(-kept.length - 1))).toBeGreaterThan(FACTS_BYTES);
	const exact = fact('b', 'x'.repeat(FACTS_BYTES - sizeOf([fact('b', '')])));
	expect(rememberFacts([], [fact('a', 1), exact])).toEqual([exact]);
	expect(rememberFacts([], [fact('a', 1), fact('b', `${exact.attributes.value}x`)])).toEqual([]);
});

test('a fact knows since when and from which step it is', () => {
	const golden = told(intent('a.tool'), granted(1, 'read'), done(1, { facts: [{ type: 'Order', id: 'o-1', attributes: { paid: true } }] }));
	expect(golden.state.facts).toEqual([{ type: 'Order', id: 'o-1', attributes: { paid: true }, at: golden.state.head.at, step: 1 }]);
});
