import { expect, test } from 'vitest';
import type { OpenStore } from '../open-store.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const bytes = (answer: Uint8Array | undefined) => answer && [...answer];

export function keys(open: OpenStore): void {
	test('a run has no key until one is created', async () => {
		const { keys } = await open();
		expect(await keys.get('run-1')).toBeUndefined();
		expect(bytes(await keys.create('run-1', key(1)))).toEqual([...key(1)]);
		expect(bytes(await keys.get('run-1'))).toEqual([...key(1)]);
		expect(await keys.get('run-2')).toBeUndefined();
	});

	test('a second key is answered with the first', async () => {
		const { keys } = await open();
		await keys.create('run-1', key(1));
		expect(bytes(await keys.create('run-1', key(2)))).toEqual([...key(1)]);
		expect(bytes(await keys.get('run-1'))).toEqual([...key(1)]);
	});

	test('of keys racing for a run, everybody is answered the one that stands', async () => {
		const { keys } = await open();
		const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => keys.create('run-1', key(number))));
		const stands = bytes(await keys.get('run-1'));
		for (const answer of answers) expect(bytes(answer)).toEqual(stands);
	});

	test('a destroyed key is gone and can’t be created again', async () => {
		const { keys } = await open();
		await keys.create('run-1', key(1));
		await keys.destroy('run-1');
		await keys.destroy('run-1');
		expect(await keys.get('run-1')).toBeUndefined();
		await expect(keys.create('run-1', key(2))).rejects.toThrow('the key of run run-1 was destroyed');
		expect(await keys.get('run-1')).toBeUndefined();
	});

	test('destroying before anything was created holds too', async () => {
		const { keys } = await open();
		await keys.destroy('run-1');
		await expect(keys.create('run-1', key(1))).rejects.toThrow('destroyed');
	});
}
