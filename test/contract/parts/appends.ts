import { expect, test } from 'vitest';
import { generation, type OpenStore } from '../open-store.ts';
import { entryAt } from '../samples.ts';

export function appends(open: OpenStore): void {
	test('an entry lands at a free place and reads back', async () => {
		const { ledger } = await open();
		expect(await ledger.append(entryAt(0))).toEqual({ is: 'appended' });
		expect(await ledger.read('run-1', { from: 0, limit: 50 })).toEqual([entryAt(0)]);
	});

	test('L1: a taken place answers conflict with its holder, and keeps it', async () => {
		const { ledger } = await open();
		await ledger.append(entryAt(0, { writer: 'first' }));
		const second = await ledger.append(entryAt(0, { writer: 'second' }));
		expect(second).toEqual({ is: 'conflict', holder: entryAt(0, { writer: 'first' }) });
		expect(await ledger.latest('run-1', 50)).toEqual([entryAt(0, { writer: 'first' })]);
	});

	test('the same append again answers a conflict with its own body, or succeeds again', async () => {
		const { ledger } = await open();
		await ledger.append(entryAt(4));
		const again = await ledger.append(entryAt(4));
		if (again.is !== 'appended') expect(again).toEqual({ is: 'conflict', holder: entryAt(4) });
		expect(await ledger.latest('run-1', 50)).toEqual([entryAt(4)]);
	});

	test('the same place of two chains is two places', async () => {
		const { ledger } = await open();
		for (const chain of ['run-1', 'run-2', '@all', '@agent:refund-desk']) {
			expect(await ledger.append(entryAt(0, { chain }))).toEqual({ is: 'appended' });
			expect(await ledger.latest(chain, 1)).toEqual([entryAt(0, { chain })]);
		}
	});

	test('a body comes back byte for byte, whatever its characters', async () => {
		const { ledger } = await open();
		const hard = 'é e\u0301 \u{1f9fe} \u202e \ufeff \uffff \u0001 \u2028 " \\ \' % _ \0 \r\n end ';
		const bodies = [hard, JSON.stringify(hard), ' ', hard.repeat(2_000)];
		for (const [place, body] of bodies.entries()) await ledger.append({ chain: 'run-1', place, body });
		const stored = await ledger.read('run-1', { from: 0, limit: 50 });
		expect(stored.map(({ body }) => Buffer.from(body).toString('hex'))).toEqual(bodies.map((body) => Buffer.from(body).toString('hex')));
	});

	test('a body or place that no store could hold is a programmer error', async () => {
		const { ledger } = await open();
		await expect(ledger.append({ chain: 'run-1', place: 0, body: 'half a pair: \ud800' })).rejects.toThrow(TypeError);
		for (const place of [-1, 0.5, 1_000_000_000, Number.NaN]) await expect(ledger.append(entryAt(place))).rejects.toThrow(TypeError);
		expect(await ledger.latest('run-1', 1)).toEqual([]);
	});

	test('the generation is the one the store was made with', async () => {
		const { ledger } = await open();
		expect(ledger.generation).toBe(generation);
	});
}
