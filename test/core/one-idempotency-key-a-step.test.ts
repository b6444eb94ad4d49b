// S2: every attempt at a step sends the same key, and no other step of any ledger ever sends it.
import { expect, test } from 'vitest';
import { idempotencyKey } from '../../core/ledger/content.ts';
import { begun, checkpoint, foldedFrom, granted, intent, resumed, tellOn, told } from '../doubles/ledger-builder.ts';

test('it is the same for every attempt, epoch and reading', () => {
	const first = told(intent('a.tool'), granted(1, 'replay'));
	const later = tellOn(first, resumed(), checkpoint(), granted(1));
	const reread = foldedFrom(later, 4);
	expect(later.state.root).toBe(first.state.root);
	expect(reread.is === 'legal' && reread.state.root).toBe(first.state.root);
	expect(idempotencyKey(later.state.root, 1)).toBe(idempotencyKey(first.state.root, 1));
});

test('it differs between steps and between ledgers', () => {
	const roots = [begun(), begun({ driver: 'outside' })].map(({ state }) => state.root);
	const keys = roots.flatMap((root) => [1, 2, 3, 11, 111].map((step) => idempotencyKey(root, step)));
	expect(new Set(keys).size).toBe(keys.length);
	for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test('a run opened anew under the same id has other keys: its first entry has another nonce', () => {
	const { root } = begun().state;
	expect(idempotencyKey(root, 1)).not.toBe(
		idempotencyKey(
			root.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
			1,
		),
	);
});
