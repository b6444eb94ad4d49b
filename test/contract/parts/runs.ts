import { expect, test } from 'vitest';
import type { OpenStore } from '../open-store.ts';
import { entryAt } from '../samples.ts';

export function runs(open: OpenStore): void {
	test('runs are listed in ascending order, page by page, without control chains', async () => {
		const { ledger, runs } = await open();
		const chains = ['run-b', '@all', '01ABC', 'run-a', '@agent:refund-desk', 'zz', '_x', 'RUN'];
		for (const chain of chains) await ledger.append(entryAt(0, { chain }));
		await ledger.append(entryAt(1, { chain: 'run-a' }));
		const all = ['01ABC', 'RUN', '_x', 'run-a', 'run-b', 'zz'];
		// A projection may lag.
		await expect.poll(() => runs.list({ limit: 100 }), { timeout: 5_000 }).toEqual(all);
		expect(await runs.list({ limit: 2 })).toEqual(all.slice(0, 2));
		expect(await runs.list({ after: '_x', limit: 2 })).toEqual(all.slice(3, 5));
		expect(await runs.list({ after: 'S', limit: 100 })).toEqual(all.slice(2));
		expect(await runs.list({ after: 'zz', limit: 100 })).toEqual([]);
	});
}
