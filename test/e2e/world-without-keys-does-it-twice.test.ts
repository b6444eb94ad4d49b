/** Carrier and mail know no keys: what reaches them twice happens twice. That is why cut-off attempts need care. */
import { expect, test } from 'vitest';
import { readJournal, startWorld, type World } from '../../agents/refund-desk/world/start.ts';
import { get, issuerIn, post, scratchDirectory, worldFor } from './world-outside.ts';

test('the same recall posted twice makes two', async () => {
	const directory = scratchDirectory();
	const { settings } = await worldFor({ directory });
	const recall = () => post(`${settings.CARRIER_URL}/recalls`, { tracking: 'TRK-1006', reference: 'k1' }, { 'idempotency-key': 'k1' });
	const replies = [await recall(), await recall()];
	expect(replies.map(({ body }) => body.recall)).toEqual(['rc_1', 'rc_2']);
	expect(readJournal(directory, 'carrier').map(({ kind }) => kind)).toEqual(['seeded', 'recalled', 'recalled']);
});

test('the same mail posted twice goes out twice, and cannot be asked for', async () => {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const { settings } = await worldFor({ directory });
	const mail = { to: 'anna@example.com', subject: 'Your order', body: 'Dear Anna' };
	const headers = { 'x-session-token': issuer.session(), 'idempotency-key': 'k1' };
	await post(`${settings.MAIL_URL}/messages`, mail, headers);
	await post(`${settings.MAIL_URL}/messages`, mail, headers);
	expect(readJournal(directory, 'mail')).toMatchObject([
		{ kind: 'sent', by: { sessionName: 'run-1.2.1', accessKeyId: 'ASIATEST' }, ...mail },
		{ kind: 'sent', ...mail },
	]);
	expect((await get(`${settings.MAIL_URL}/messages`)).status).toBe(404);
});

test('a recall can be found by its reference, but not at once', async () => {
	const directory = scratchDirectory();
	const found = async ({ settings }: World, reference: string) =>
		(await get(`${settings.CARRIER_URL}/recalls?reference=${reference}`)).body.recalls;
	const before = await startWorld({ directory, visibleAfterMs: 60_000 });
	await post(`${before.settings.CARRIER_URL}/recalls`, { tracking: 'TRK-1006', reference: 'k1' });
	expect(await found(before, 'k1')).toEqual([]);
	await before.stop();
	const after = await worldFor({ directory, visibleAfterMs: 1 });
	expect(await found(after, 'k1')).toMatchObject([{ recall: 'rc_1', tracking: 'TRK-1006', reference: 'k1' }]);
	expect(await found(after, 'k2')).toEqual([]);
});
