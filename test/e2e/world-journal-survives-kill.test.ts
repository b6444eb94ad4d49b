/** What a service has answered, it still knows after kill -9: its journal is flushed before the answer, and read at start. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournal, startWorld } from '../../agents/refund-desk/world/start.ts';
import { get, issuerIn, killHard, post, scratchDirectory, worldFor } from './world-outside.ts';

test('a refund survives kill -9 of everything, its key with it', async () => {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const options = { directory, issuerPublicKey: issuer.publicKeyFile };
	const body = { charge: 'ch_1001', amountCents: 1225, reason: 'mug' };
	const headers = () => ({ 'x-session-token': issuer.session(), 'idempotency-key': 'k1' });
	const before = await startWorld(options);
	const first = await post(`${before.settings.PAYMENTS_URL}/refunds`, body, headers());
	await Promise.all(Object.values(before.services).map(({ pid }) => killHard(pid)));
	expect(await before.ended).toMatch(/ended with SIGKILL/);

	const { settings } = await worldFor(options);
	const second = await post(`${settings.PAYMENTS_URL}/refunds`, body, headers());
	expect(second).toEqual({ status: 200, body: first.body });
	expect(readJournal(directory, 'payments').map(({ kind }) => kind)).toEqual(['seeded', 'refunded', 'replayed']);
});

test('a refund whose answer was still held back when payments was killed has happened', async () => {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const options = { directory, issuerPublicKey: issuer.publicKeyFile, answerDelayMs: 60_000 };
	const before = await startWorld(options);
	const headers = { 'x-session-token': issuer.session(), 'idempotency-key': 'k1' };
	const body = { charge: 'ch_1001', amountCents: 1225, reason: 'mug' };
	const cutOff = post(`${before.settings.PAYMENTS_URL}/refunds`, body, headers).then(
		() => 'answered',
		() => 'cut off',
	);
	await expect.poll(() => readJournal(directory, 'payments').at(-1)?.kind, { timeout: 60_000 }).toBe('refunded');
	await killHard(before.services.payments.pid);
	expect(await cutOff).toBe('cut off');
	await before.ended;

	const { settings } = await worldFor(options);
	expect((await get(`${settings.PAYMENTS_URL}/charges/ch_1001`, headers)).body).toMatchObject({ remainingCents: 1225 });
	// A replay is told at once: only a new refund's answer is held back.
	expect(await post(`${settings.PAYMENTS_URL}/refunds`, body, headers)).toMatchObject({ status: 200 });
});

test('a last line that was half written is cut off, and what follows is whole', async () => {
	const directory = scratchDirectory();
	const before = await startWorld({ directory });
	await post(`${before.settings.CARRIER_URL}/recalls`, { tracking: 'TRK-1006', reference: 'k1' });
	await before.stop();
	appendFileSync(join(directory, 'carrier.ndjson'), '{"kind":"recalled","at":1,"by":null,"recall":"rc_');

	expect(readJournal(directory, 'carrier')).toHaveLength(2);
	const { settings } = await worldFor({ directory });
	await post(`${settings.CARRIER_URL}/recalls`, { tracking: 'TRK-1006', reference: 'k2' });
	expect(readJournal(directory, 'carrier')).toMatchObject([{ kind: 'seeded' }, { reference: 'k1' }, { recall: 'rc_2', reference: 'k2' }]);
});

test('a damaged line is named, not skipped', async () => {
	const directory = scratchDirectory();
	appendFileSync(join(directory, 'mail.ndjson'), '{"kind":"sent"}\n');
	await expect(startWorld({ directory })).rejects.toThrow(/mail\.ndjson:1 is not a journal line/);
});

test('a restart seeds nothing anew', async () => {
	const directory = scratchDirectory();
	await (await startWorld({ directory })).stop();
	const seeded = readFileSync(join(directory, 'orders.ndjson'), 'utf8');
	await (await startWorld({ directory })).stop();
	expect(readFileSync(join(directory, 'orders.ndjson'), 'utf8')).toBe(seeded);
});
