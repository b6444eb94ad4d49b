/**
 * An agent outside drives a run in the account through `throughline/client`: killed and started again with the same words,
 * and two of it at once on one run. Each delivery is booked once.
 */
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { stockKeeper } from './desk/stock-keeper.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const booked = (item: string): Promise<number> => desk.counted('StockRoomStock', item, 'quantity');
const of = (item: string) => [
	{ item, quantity: 40 },
	{ item, quantity: 2 },
];

test.each([
	['after its call was taken in', 'recorded 2'],
	['when its execution has begun', 'started 2'],
	['after its step, before it remembers', 'done 2'],
])('killed %s', { timeout: 120_000 }, async (_, line) => {
	const item = line.replace(' ', '-');
	const start = stockKeeper(account, `deliveries-${item}`, of(item));
	const first = start();
	await first.says(line);
	first.kill();
	await first.ended;
	const { code, stdout, stderr } = await start().ended;
	expect([code, stdout], stderr).toEqual([0, `${JSON.stringify({ is: 'booked', booked: [`${item}: 40`, `${item}: 2`] })}\n`]);
	expect(await booked(item)).toBe(42);
});

test('two at once on one run', { timeout: 120_000 }, async () => {
	const start = stockKeeper(account, 'deliveries-of-both', of('both'));
	const both = await Promise.all([start().ended, start().ended]);
	// One of them may be told that the run is somebody else's now; what is left, whoever starts again does.
	const { code, stderr } = both.find((one) => one.code === 0) ?? (await start().ended);
	expect(code, stderr).toBe(0);
	expect(await booked('both')).toBe(42);
	expect(await desk.executions('StepMachineStockRoom', 'deliveries-of-both')).toHaveLength(2);
});

test('a stranger can drive nothing', async () => {
	const { code, stderr } = await stockKeeper(
		{ ...account, people: { ...account.people, driver: account.people.stranger } },
		'deliveries-no',
		of('no'),
	)().ended;
	expect(code, stderr).toBe(1);
	expect(stderr).toContain('answered 403');
	expect(await booked('no')).toBe(0);
});

afterAll(async () => {
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
