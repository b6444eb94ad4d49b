// Nonces, tokens and keys come from a pool of random bytes. Bytes that are handed out twice would be one nonce for two contents.
import { expect, test } from 'vitest';
import { systemRandomness } from '../../local/randomness.ts';

const LENGTHS = [12, 24, 32, 46];

test('every draw is as long as asked, and no two are alike', () => {
	const drawn = Array.from({ length: 2_000 }, (_, index) => {
		const length = LENGTHS[index % LENGTHS.length] ?? 12;
		const bytes = systemRandomness.bytes(length);
		expect(bytes).toHaveLength(length);
		return Buffer.from(bytes).toString('hex');
	});
	// Any 12 bytes in a row, wherever in a draw: overlapping draws would share some.
	const stretches = drawn.flatMap((text) => Array.from({ length: text.length / 2 - 11 }, (_, at) => text.slice(2 * at, 2 * at + 24)));
	expect(new Set(stretches).size).toBe(stretches.length);
});

test('a draw stays as it is, and is no window on the pool', () => {
	const first = systemRandomness.bytes(16);
	const before = [...first];
	for (let time = 0; time < 1_000; time += 1) systemRandomness.bytes(16);
	expect([...first]).toEqual(before);
	expect(first.buffer).not.toBe(systemRandomness.bytes(16).buffer);
});

test('more than the pool holds is refused, never cut short', () => {
	expect(systemRandomness.bytes(4_096)).toHaveLength(4_096);
	expect(() => systemRandomness.bytes(4_097)).toThrow(RangeError);
});
