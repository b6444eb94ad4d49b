// L2: the shorter way to the canonical form leads to the same bytes as a whole implementation of RFC 8785, or is not taken.
import { test as property } from '@fast-check/vitest';
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../core/ledger/chain.ts';

type Canonical = (value: unknown) => string | undefined;
/** What is written, or that it is refused. */
const outcome = (form: Canonical, value: unknown): string => {
	try {
		return form(value) ?? 'refused';
	} catch {
		return 'refused';
	}
};
/** Copies as `ordered` does, and looks at nothing. */
const naive: Canonical = (value) =>
	JSON.stringify(value, (_, part) => (isRecord(part) ? Object.fromEntries(Object.entries(part).sort()) : part));
const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

class Money {
	readonly cents = 5;
	toJSON() {
		return `${this.cents} cents`;
	}
}
const cycle: Record<string, unknown> = {};
cycle.cycle = [cycle];
const own = (key: string, value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true });
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

test.for([
	['numbers as keys', { '10': 1, '9': 2, a: 3 }],
	['a number as a key beside an empty one', { '': 1, '0': 2 }],
	['the key __proto__', own('__proto__', { b: 1, a: 2 })],
	['a value that writes itself', { paid: new Money() }],
	['a date', [new Date(0)]],
	['boxed values', [Object(1), Object('a'), Object(true)]],
	['a map', { map: new Map([[1, 2]]) }],
	['no prototype', Object.assign(Object.create(null), { b: 1, a: 2 })],
	['holes and nothing', [undefined, () => 1, Symbol('s'), Array(2), { b: undefined, a: () => 1 }]],
	['a backslash before ud', { a: '\\ud800' }],
	['half a surrogate pair', { a: '\ud800' }],
	['half a surrogate pair in a key', { '\udc00': 1 }],
	['infinity', { a: [Number.NEGATIVE_INFINITY] }],
	['a bigint', [1n]],
	['a cycle', cycle],
	['many levels', nested(200)],
	['minus nothing', -0],
] as const)('%s', ([, value]) => {
	expect(outcome(canonical, value)).toBe(outcome(canonicalize, value));
});

const key = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.nat().map(String),
	fc.constantFrom('', '__proto__', 'toJSON', '-1', '01', '\\ud8', '\ud83d\ude00', '\ufb33'),
);
const { value: anything } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.string({ unit: 'binary' }),
		fc.double(),
		fc.integer(),
		fc.constantFrom(null, true, undefined, '\ud800', '\\udfff'),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(key, tie('value'), { maxKeys: 5 }),
	),
}));

property.prop([anything], { numRuns: 2_000 })('whatever the value', (value) => {
	expect(outcome(canonical, value)).toBe(outcome(canonicalize, value));
});

test('a copy that looks at nothing is not good enough', () => {
	for (const value of [{ '10': 1, '9': 2 }, [Number.NaN], { a: '\ud800' }])
		expect(outcome(naive, value)).not.toBe(outcome(canonicalize, value));
});
