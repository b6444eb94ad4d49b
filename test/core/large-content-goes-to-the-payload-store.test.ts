// Content above 4,096 bytes of ciphertext stands apart, named by its entry together with its digest, and is not believed when it is another.
import { expect, test } from 'vitest';
import { emptyState } from '../../adapters/memory/store.ts';
import { INLINE_CONTENT_BYTES } from '../../core/bounds.ts';
import { appendFirst } from '../../core/ledger/append.ts';
import { canonical, sha256 } from '../../core/ledger/chain.ts';
import { entryAt, openContent } from '../../core/ledger/read.ts';
import { RUN } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const draft = {
	kind: 'opened',
	epoch: 0,
	agent: 'desk',
	driver: 'planner',
	by: 'local:alice',
	budget: { steps: 1, turns: 1, spend: null },
	code: sha256('c'),
} as const;
/** A task that makes a ciphertext of so many bytes. */
const taskOf = (bytes: number): string => 'x'.repeat(bytes - 16 - Buffer.byteLength(canonical({ task: '' })));

async function opened(bytes: number) {
	const state = emptyState();
	const process = processOver(state);
	await appendFirst(process.store, RUN, draft, taskOf(bytes));
	const view = await process.reader.read(RUN);
	const entry = await entryAt(process.store, view, 0);
	if (entry.kind !== 'opened' || !entry.sealed) throw new Error('no content');
	return { ...process, state, view, entry, sealed: entry.sealed };
}

test('to the byte', async () => {
	const small = await opened(INLINE_CONTENT_BYTES);
	expect('bytes' in small.sealed && Buffer.from(small.sealed.bytes, 'base64url')).toHaveLength(INLINE_CONTENT_BYTES);
	expect(small.state.payloads.size).toBe(0);
	const large = await opened(INLINE_CONTENT_BYTES + 1);
	const [[name, bytes] = ['', new Uint8Array()]] = [...large.state.payloads];
	expect(large.sealed).toEqual({ payload: `${RUN}/${large.entry.nonce}`, sha256: sha256(bytes), sizeBytes: INLINE_CONTENT_BYTES + 1 });
	expect(name).toBe(`${RUN}/${large.entry.nonce}`);
	for (const { store, entry, view } of [small, large]) expect(await openContent(store, entry, view.key)).toHaveProperty('task');
});

test('a payload that is missing or another opens nothing', async () => {
	const { store, state, entry, view } = await opened(9_000);
	const [[name, bytes] = ['', new Uint8Array()]] = [...state.payloads];
	state.payloads.set(name, bytes.with(5, (bytes[5] ?? 0) ^ 1));
	expect(await openContent(store, entry, view.key)).toBeUndefined();
	state.payloads.delete(name);
	expect(await openContent(store, entry, view.key)).toBeUndefined();
	state.payloads.set(name, bytes);
	expect(await openContent(store, entry, view.key)).toBeDefined();
});

test('a payload store that gives no answer is an error, not lost content', async () => {
	const { state, entry, view } = await opened(9_000);
	const { store } = processOver(state, (call) => (call.port === 'payloads' ? 'unknown-not-written' : undefined));
	await expect(openContent(store, entry, view.key)).rejects.toThrow('payloads.get');
});
