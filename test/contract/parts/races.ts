import { expect, test } from 'vitest';
import type { Appended } from '../../../core/ports.ts';
import { oneWinnerEach, raced } from '../checks.ts';
import type { OpenStore } from '../open-store.ts';
import { claimOf, entryAt } from '../samples.ts';

const PUTS_AT_MOST = 50;

/** DynamoDB may cancel transactions that meet, which is `unknown`: the same append is made again. */
async function known(append: () => Promise<Appended>): Promise<Appended> {
	for (let puts = 0; puts < PUTS_AT_MOST; puts += 1) {
		const appended = await append();
		if (appended.is !== 'unknown') return appended;
	}
	throw new Error(`still unknown after ${PUTS_AT_MOST} puts`);
}

export function races(open: OpenStore): void {
	test('L1: of many writers racing for a place, one has it', async () => {
		const { ledger } = await open();
		await oneWinnerEach(ledger, await raced(ledger, { writers: 12, places: 4 }));
	});

	test('of many runs racing for a business key, one has it', async () => {
		const { ledger, claims } = await open();
		const rivals = Array.from({ length: 8 }, (_, number) => `run-${number}`);
		const race = async (run: string) => {
			const appended = await known(() => ledger.append(entryAt(0, { chain: run }), { claim: claimOf('k', { run }) }));
			return { run, appended };
		};
		const ends = await Promise.all(rivals.map(race));
		const holder = await claims.latest('refund', 'k');
		for (const { run, appended } of ends) {
			const won = run === holder?.run;
			expect(appended.is).toBeOneOf(won ? ['appended', 'conflict'] : ['claimed']);
			expect(await ledger.latest(run, 1)).toHaveLength(won ? 1 : 0);
		}
	});

	test('additions from many writers all count', async () => {
		const { ledger, tables } = await open();
		const add = (place: number) =>
			known(() => ledger.append(entryAt(place), { writes: [{ table: 'stock', key: 's', add: { count: 1 } }] }));
		await Promise.all(Array.from({ length: 8 }, (_, place) => add(place)));
		expect(await tables.get('stock', 's')).toEqual({ count: 8 });
	});
}
