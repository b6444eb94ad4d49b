/** One key is one refund, for as long as payments says. Controls: without a key, and after the key has lapsed, it is two. */
import { expect, test } from 'vitest';
import { readJournal } from '../../agents/refund-desk/world/start.ts';
import { get, issuerIn, post, scratchDirectory, worldFor } from './world-outside.ts';

async function shop(keyLifeMs?: number) {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const world = await worldFor({ directory, issuerPublicKey: issuer.publicKeyFile, keyLifeMs });
	const refund = (body: object, key?: string) =>
		post(
			`${world.settings.PAYMENTS_URL}/refunds`,
			{ charge: 'ch_1005', amountCents: 2000, reason: 'lamp', ...body },
			{ 'x-session-token': issuer.session(), ...(key === undefined ? {} : { 'idempotency-key': key }) },
		);
	const kinds = () => readJournal(directory, 'payments').map(({ kind }) => kind);
	const charge = () => get(`${world.settings.PAYMENTS_URL}/charges/ch_1005`, { 'x-session-token': issuer.session() });
	return { directory, refund, kinds, charge };
}

test('the same key and body, twice: one refund, told twice', async () => {
	const { directory, refund, kinds, charge } = await shop();
	const first = await refund({}, 'k1');
	const second = await refund({}, 'k1');
	expect([first.status, second.status]).toEqual([201, 200]);
	expect(second.body).toEqual(first.body);
	expect(kinds()).toEqual(['seeded', 'refunded', 'replayed']);
	expect((await charge()).body).toMatchObject({ refundedCents: 2000, remainingCents: 4400 });
	expect(readJournal(directory, 'payments')[1]).toMatchObject({ by: { sessionName: 'run-1.2.1', accessKeyId: 'ASIATEST' }, key: 'k1' });
});

test('ten at once under one key: one refund', async () => {
	const { refund, kinds } = await shop();
	const replies = await Promise.all(Array.from({ length: 10 }, () => refund({}, 'k1')));
	expect(new Set(replies.map(({ body }) => body.refund)).size).toBe(1);
	expect(kinds().filter((kind) => kind === 'refunded')).toHaveLength(1);
});

test('control: without a key it is refunded twice', async () => {
	const { refund, kinds } = await shop();
	await refund({});
	await refund({});
	expect(kinds()).toEqual(['seeded', 'refunded', 'refunded']);
});

test('control: after the key has lapsed it is refunded again', async () => {
	const { refund, kinds } = await shop(50);
	await refund({}, 'k1');
	await new Promise((next) => setTimeout(next, 60));
	expect((await refund({}, 'k1')).status).toBe(201);
	expect(kinds()).toEqual(['seeded', 'refunded', 'refunded']);
});

test('the same key with another body is refused, and nothing is refunded', async () => {
	const { refund, kinds } = await shop();
	await refund({}, 'k1');
	expect(await refund({ amountCents: 1999 }, 'k1')).toMatchObject({ status: 422, body: { error: 'key-reused' } });
	expect(kinds()).toEqual(['seeded', 'refunded', 'refused']);
});

test('more than is left of the charge is refused', async () => {
	const { refund, kinds } = await shop();
	await refund({ amountCents: 6000 }, 'k1');
	expect(await refund({ amountCents: 401 }, 'k2')).toMatchObject({ status: 422, body: { error: 'above-remaining' } });
	expect(await refund({ amountCents: 400 }, 'k3')).toMatchObject({ status: 201 });
	expect(kinds()).toEqual(['seeded', 'refunded', 'refused', 'refunded']);
});
