import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { CONTENT_BYTES } from '../../../core/bounds.ts';
import type { OpenStore, Store } from '../open-store.ts';

async function opened(open: OpenStore): Promise<NonNullable<Store['payloads']>> {
	const { payloads } = await open();
	if (!payloads) throw new Error('this store has no payloads');
	return payloads;
}

export function payloads(open: OpenStore): void {
	test('a payload comes back byte for byte, at the largest size content has', async () => {
		const payloads = await opened(open);
		const bytes = randomBytes(CONTENT_BYTES + 64);
		await payloads.put('run-1/7', bytes);
		expect(Buffer.from((await payloads.get('run-1/7')) ?? []).equals(bytes)).toBe(true);
		expect(await payloads.get('run-1/8')).toBeUndefined();
	});

	test('the same name again changes nothing', async () => {
		const payloads = await opened(open);
		await payloads.put('p', Uint8Array.of(1));
		await payloads.put('p', Uint8Array.of(2));
		expect([...((await payloads.get('p')) ?? [])]).toEqual([1]);
	});

	test('no bytes at all are a payload too', async () => {
		const payloads = await opened(open);
		await payloads.put('empty', new Uint8Array());
		expect(await payloads.get('empty')).toHaveLength(0);
	});
}
