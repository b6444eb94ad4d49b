/** What the plain AWS CLI does in an account, on one machine: an execution of a step that is started with its call. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LocalClient, localClient } from '../../local/client.ts';

const RUN = 'monday';
const delivery = (quantity: number) => ({ tool: 'stock.receive', input: { item: 'bolts', quantity }, purpose: 'delivery 1' });
const ids = { run: RUN, agent: 'stock-room', epoch: 0, step: 1, tool: 'stock.receive', function: 'stock-room_stock_receive', hint: 0 };

async function opened(): Promise<LocalClient> {
	const directory = mkdtempSync(join(tmpdir(), 'call-inline-'));
	const client = await localClient({ directory, agent: 'stock-room', by: 'local:alice' });
	onTestFinished(async () => {
		await client.end();
		rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
	});
	await client.open(RUN, { deliveries: [] });
	return client;
}
const bolts = async ({ host }: LocalClient) => (await host.directory.stores.tables.get('stock', 'bolts'))?.quantity;

test('recorded and done once, however often it is started; another call under its number changes nothing', async () => {
	const client = await opened();
	const { host } = client;
	for (const name of ['a', 'b']) expect(await host.startStep(`${RUN}.1.${name}`, { ...ids, call: delivery(20) })).toBe('started');
	expect(await host.startStep(`${RUN}.1.a`, { ...ids, call: delivery(20) })).toBe('exists');
	await host.settled(RUN);
	await host.startStep(`${RUN}.1.c`, { ...ids, call: delivery(99) });
	await host.settled(RUN);
	expect(await client.status(RUN, [1])).toMatchObject({ nextStep: 2, steps: [{ is: 'done', result: { item: 'bolts', booked: 20 } }] });
	expect(await bolts(client)).toBe(20);
});

test('without a call, and not recorded: nothing happens', async () => {
	const client = await opened();
	await client.host.startStep(`${RUN}.1.a`, ids);
	await client.host.settled(RUN);
	expect(await client.status(RUN, [1])).toMatchObject({ nextStep: 1, steps: [{ is: 'unrecorded' }] });
	expect(await bolts(client)).toBeUndefined();
});
