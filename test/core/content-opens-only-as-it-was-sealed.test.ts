// Content is bound to its key, run, kind and nonce: a ciphertext moved anywhere else does not open.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTENT_BYTES } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import { seal, unseal } from '../../core/ledger/content.ts';
import { KEY, nonceOf, RUN } from '../doubles/ledger-builder.ts';

const bound = { run: RUN, kind: 'outcome', nonce: nonceOf(7) } as const;
const plain = { result: { amountCents: 1999, to: 'o-1' }, reason: 'due' };
const sealed = seal(KEY, bound, plain);

test('it opens under what it was sealed with', () => {
	expect(unseal(KEY, bound, sealed)).toEqual(plain);
	expect(sealed.length).toBe(JSON.stringify(plain).length + 16);
});

test.for([
	['another key', KEY.with(0, 99), bound],
	['another run', KEY, { ...bound, run: 'run-2' }],
	['another kind', KEY, { ...bound, kind: 'decision' }],
	['another nonce', KEY, { ...bound, nonce: nonceOf(8) }],
] as const)('under %s it does not', ([, key, other]) => {
	expect(unseal(key, other, sealed)).toBeUndefined();
});

test('with any bit flipped it does not', () => {
	for (let index = 0; index < sealed.length * 8; index += 1) {
		const flipped = sealed.slice();
		flipped[index >> 3] = (flipped[index >> 3] ?? 0) ^ (1 << (index & 7));
		expect(unseal(KEY, bound, flipped)).toBeUndefined();
	}
});

test('cut short anywhere it does not', () => {
	for (let length = 0; length < sealed.length; length += 1) expect(unseal(KEY, bound, sealed.subarray(0, length))).toBeUndefined();
	expect(unseal(KEY, bound, Buffer.concat([sealed, Buffer.alloc(1)]))).toBeUndefined();
});

test('one content too large is refused before anything is sealed', () => {
	expect(() => seal(KEY, bound, 'x'.repeat(CONTENT_BYTES - 2))).not.toThrow();
	expect(() => seal(KEY, bound, 'x'.repeat(CONTENT_BYTES - 1))).toThrow(RangeError);
	// The bound is on bytes, not on characters.
	expect(() => seal(KEY, bound, '€'.repeat(CONTENT_BYTES / 3))).toThrow(RangeError);
});

property.prop([fc.jsonValue({ maxDepth: 3 })])('whatever JSON goes in comes out', (value) => {
	fc.pre(!/\\ud[89a-f]/.test(JSON.stringify(value)));
	const json = JSON.parse(JSON.stringify(value)) as Json;
	expect(unseal(KEY, bound, seal(KEY, bound, json))).toEqual(json);
});
