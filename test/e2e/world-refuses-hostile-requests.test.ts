/** Oversized, malformed and misdirected requests get a clear 4xx, and the service goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readJournal, startWorld, type World } from '../../agents/refund-desk/world/start.ts';
import { get, post } from './world-outside.ts';

const recall = { tracking: 'TRK-1006', reference: 'k1' };
let world: World;
let recalls: string;
beforeAll(async () => {
	const directory = mkdtempSync(join(tmpdir(), 'world-'));
	world = await startWorld({ directory });
	recalls = `${world.settings.CARRIER_URL}/recalls`;
	return async () => {
		await world.stop();
		rmSync(directory, { recursive: true, force: true });
	};
});

test.for<[string, unknown, Record<string, string>, number, string]>([
	['more than 64 KB', { ...recall, reference: 'x'.repeat(70_000) }, {}, 413, 'too-large'],
	['no JSON', '{', {}, 400, 'bad-json'],
	['another type', recall, { 'content-type': 'text/plain' }, 415, 'not-json'],
	['an unknown field', { ...recall, amountCents: 1 }, {}, 400, 'bad-body'],
	['a path for an id', { ...recall, tracking: '../../etc' }, {}, 400, 'bad-body'],
	['no such shipment', { ...recall, tracking: 'TRK-0' }, {}, 404, 'no-such-shipment'],
	['a delivered parcel', { ...recall, tracking: 'TRK-1001' }, {}, 422, 'delivered'],
])('%s', async ([, body, headers, status, error]) => {
	expect(await post(recalls, body, headers)).toMatchObject({ status, body: { error } });
	expect(readJournal(world.directory, 'carrier').filter(({ kind }) => kind === 'recalled')).toEqual([]);
});

test('unknown paths and methods', async () => {
	expect((await get(`${world.settings.ORDERS_URL}/orders/..%2f..%2fetc`)).status).toBe(404);
	expect((await get(`${world.settings.ORDERS_URL}/orders/o_9`)).body).toMatchObject({ error: 'no-such-order' });
	expect((await post(`${world.settings.ORDERS_URL}/orders/o_1001`, {})).status).toBe(404);
	expect((await get(`${recalls}?reference=`)).status).toBe(400);
});

test('a name that a web page made point to us', async () => {
	const status = await new Promise((resolve, reject) => {
		request(`${world.settings.ORDERS_URL}/orders/o_1001`, { headers: { host: 'shop.example' } }, (response) => {
			response.resume();
			resolve(response.statusCode);
		})
			.on('error', reject)
			.end();
	});
	expect(status).toBe(421);
});

test('an order is answered with what a desk needs to know', async () => {
	expect((await get(`${world.settings.ORDERS_URL}/orders/o_1007`)).body).toMatchObject({
		id: 'o_1007',
		customer: { id: 'c_greta', frozen: true },
		charges: [{ id: 'ch_1007', amountCents: 1500, method: 'card', ageDays: 4 }],
		shipment: { tracking: 'TRK-1007', status: 'delivered' },
	});
});

test('two worlds in one directory would be two writers of one journal', async () => {
	await expect(startWorld({ directory: world.directory })).rejects.toThrow(/a world is running in .*: stop it, or choose another --dir/);
	expect((await get(`${world.settings.ORDERS_URL}/health`)).status).toBe(200);
});
