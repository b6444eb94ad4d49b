// L2: two writers write the same bytes for the same entry, in whatever language.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../core/ledger/chain.ts';

test.for([
	// The example of RFC 8785, section 3.2.2.
	[
		{
			numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
			string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
			literals: [null, true, false],
		},
		'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
	],
	// Section 3.2.3: keys in the order of their UTF-16 code units.
	[
		{ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
		'{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
	],
	[{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
	[[-0, 1.0, 100, 1e21, 5e-324], '[0,1,100,1e+21,5e-324]'],
	['text', '"text"'],
	[null, 'null'],
	[{ kept: null, left: undefined }, '{"kept":null}'],
] as const)('%j', ([value, text]) => {
	expect(canonical(value)).toBe(text);
});

test.for([
	['a number that is none', Number.NaN],
	['infinity', { a: [Number.POSITIVE_INFINITY] }],
	['half a surrogate pair', 'x\ud800'],
	['half a surrogate pair in a key', { '\udfff': 1 }],
	['nothing', undefined],
	['a function', () => 1],
	['a bigint', 1n],
] as const)('%s has none', ([, value]) => {
	expect(() => canonical(value)).toThrow(TypeError);
});

test('a cycle has none', () => {
	const cycle: Record<string, unknown> = {};
	cycle.cycle = cycle;
	expect(() => canonical(cycle)).toThrow(TypeError);
});

property.prop([fc.jsonValue({ maxDepth: 4 })])('it survives being read back, and says the same', (value) => {
	fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)));
	const text = canonical(value);
	expect(canonical(JSON.parse(text))).toBe(text);
	expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
	expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
});
