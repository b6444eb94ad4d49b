// A3: digests that stand in clear are keyed, so they tell nothing without the run's key and are never mistaken for each other.
import { expect, test } from 'vitest';
import { contentDigest } from '../../core/ledger/content.ts';
import { KEY } from '../doubles/ledger-builder.ts';

const value = { tool: 'a.tool', input: { b: 1, a: 2 }, purpose: 'told' };
const kinds = ['call', 'shown', 'prompt', 'answer'] as const;

test('the same content has the same digest, whatever the order of its keys', () => {
	expect(contentDigest(KEY, 'call', value)).toBe(contentDigest(KEY, 'call', { purpose: 'told', input: { a: 2, b: 1 }, tool: 'a.tool' }));
});

test('another content, key or kind has another', () => {
	const digests = [
		...kinds.map((kind) => contentDigest(KEY, kind, value)),
		contentDigest(KEY.with(31, 0), 'call', value),
		contentDigest(KEY, 'call', { ...value, purpose: 'else' }),
		contentDigest(KEY, 'call', { ...value, input: { a: 2, b: '1' } }),
	];
	expect(new Set(digests).size).toBe(digests.length);
	for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
});
