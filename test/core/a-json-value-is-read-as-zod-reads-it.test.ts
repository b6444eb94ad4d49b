import { fc, it } from '@fast-check/vitest';
import { expect } from 'vitest';
import * as z from 'zod';
import { json } from '../../core/json.ts';

type Reading = { readonly is: 'json'; readonly value: unknown } | { readonly is: 'refused' };
const readingBy =
	(shape: z.ZodType) =>
	(value: unknown): Reading => {
		const parsed = shape.safeParse(value);
		return parsed.success ? { is: 'json', value: parsed.data } : { is: 'refused' };
	};
const [ours, theirs] = [readingBy(json), readingBy(z.json())];
/** As quick, and wrong about what JSON has no word for. */
const naive = (value: unknown): Reading => {
	const text = JSON.stringify(value);
	return text === undefined ? { is: 'refused' } : { is: 'json', value: JSON.parse(text) };
};

const sameReading = (reading: (value: unknown) => Reading, value: unknown): boolean => {
	try {
		expect(reading(value)).toStrictEqual(theirs(value));
		return true;
	} catch {
		return false;
	}
};

const bare = (entries: Record<string, unknown>): object => Object.assign(Object.create(null), entries);
class Own {
	a = 1;
}

const hostile: [string, unknown][] = [
	['nothing', undefined],
	['nothing in a record', { a: undefined }],
	['nothing in a list', [1, undefined]],
	['a hole in a list', new Array(2)],
	['no number', Number.NaN],
	['a number beyond all', { a: [Number.POSITIVE_INFINITY] }],
	['minus nothing', -0],
	['a large integer', 1n],
	['a function', { a: () => 1 }],
	['a symbol', Symbol('a')],
	['a date', { at: new Date(0) }],
	['a map', new Map([['a', 1]])],
	['bytes', new Uint8Array(2)],
	['an object of a class', { a: new Own() }],
	['a record without a prototype', bare({ a: 1 })],
	['the key __proto__', JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2}]}')],
	['keys that look like numbers', { 10: 'a', 9: 'b', b: 1, a: 2 }],
	['half a surrogate pair', { '\ud83d': '\ud83d' }],
];

it.each(hostile)('%s', (_, value) => {
	expect(sameReading(ours, value)).toBe(true);
});

it.prop([fc.anything({ maxDepth: 4, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true })])(
	'anything',
	(value) => {
		expect(ours(value)).toStrictEqual(theirs(value));
	},
);

it('the same check finds a reading through text wanting', () => {
	expect(hostile.filter(([, value]) => !sameReading(naive, value)).map(([name]) => name)).toContain('no number');
});

it('changing the original later changes nothing', () => {
	const original = { list: [1, { a: 2 }] };
	const read = json.parse(original);
	original.list.push(3);
	expect(read).toEqual({ list: [1, { a: 2 }] });
});
