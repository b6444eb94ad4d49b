// S3 as a payload store: the same suite that the stores on this machine pass, and what S3 alone can answer.
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory/store.ts';
import { payloads } from './parts/payloads.ts';
import { s3Refusals, s3Store } from './s3-service.ts';

describe('s3: payloads', () => payloads(async () => ({ ...memoryStore(), payloads: (await s3Store()).payloads })));

test('a payload is an object under its own name, put on the condition that there is none', async () => {
	const store = await s3Store();
	await store.payloads.put('run-1/nonce', Uint8Array.of(1, 2));
	expect([...store.objects.keys()]).toEqual(['/payloads/run-1/nonce']);
	expect(store.asked[0]?.headers['if-none-match']).toBe('*');
});

test('control: a store that does not keep the condition replaces what is there', async () => {
	const store = await s3Store({ naive: true });
	await store.payloads.put('p', Uint8Array.of(1));
	await store.payloads.put('p', Uint8Array.of(2));
	expect([...((await store.payloads.get('p')) ?? [])]).toEqual([2]);
});

test('two puts at one moment are made again until one of them is known to stand', async () => {
	const store = await s3Store({ before: (_, number) => (number < 3 ? s3Refusals.refused(409, 'ConditionalRequestConflict') : undefined) });
	await store.payloads.put('p', Uint8Array.of(1));
	expect(store.asked).toHaveLength(3);
	const never = await s3Store({ before: () => s3Refusals.refused(409, 'ConditionalRequestConflict') });
	await expect(never.payloads.put('p', Uint8Array.of(1))).rejects.toMatchObject({ name: 'PayloadsUnavailable' });
});

test('a refusal is no payload that is not there', async () => {
	const store = await s3Store({ before: () => s3Refusals.refused(403, 'AccessDenied') });
	const rejection = { name: 'PayloadsUnavailable', message: expect.stringContaining("Check the function's role") };
	await expect(store.payloads.get('p')).rejects.toMatchObject(rejection);
	await expect(store.payloads.put('p', Uint8Array.of(1))).rejects.toMatchObject(rejection);
});

test('a line that breaks after the put was taken costs another put, and nothing else', async () => {
	let broken = false;
	const store = await s3Store({
		before: (asked) => {
			if (broken || asked.method !== 'PUT') return undefined;
			broken = true;
			store.objects.set(asked.path.split('?')[0] ?? '', asked.body);
			return 'hang-up';
		},
	});
	await store.payloads.put('p', Uint8Array.of(7));
	expect([...((await store.payloads.get('p')) ?? [])]).toEqual([7]);
});
