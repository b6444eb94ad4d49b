/** Payments checks the session itself: what `fencedBy: 'credentials'` rests on (I2, S2). */
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../agents/refund-desk/world/start.ts';
import { issuerIn, post, scratchDirectory, signed, worldFor } from './world-outside.ts';

const body = { charge: 'ch_1001', amountCents: 1225, reason: 'mug' };

async function shop() {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const { settings } = await worldFor({ directory, issuerPublicKey: issuer.publicKeyFile });
	const refund = (token?: string) =>
		post(`${settings.PAYMENTS_URL}/refunds`, body, token === undefined ? {} : { 'x-session-token': token });
	return { directory, issuer, refund };
}

test('a session after the end that its policy sets, or after its expiry, is refused, and who it was is journaled', async () => {
	const { directory, issuer, refund } = await shop();
	for (const change of [{ notAfter: Date.now() - 1 }, { expiresAt: Date.now() - 1 }]) {
		expect(await refund(issuer.session(change))).toMatchObject({ status: 403, body: { error: 'session-expired' } });
	}
	expect(readJournal(directory, 'payments').slice(1)).toMatchObject([
		{ kind: 'refused', status: 403, error: 'session-expired', by: { sessionName: 'run-1.2.1' } },
		{ kind: 'refused', status: 403, error: 'session-expired', by: { sessionName: 'run-1.2.1' } },
	]);
});

test("a session under another issuer's signature is refused, and its claims are not believed", async () => {
	const { directory, refund } = await shop();
	const forged = signed(generateKeyPairSync('ed25519').privateKey);
	expect(await refund(forged)).toMatchObject({ status: 403, body: { error: 'session-forged' } });
	expect(readJournal(directory, 'payments').at(-1)).toMatchObject({ kind: 'refused', error: 'session-forged', by: null });
});

test('claims that were changed after signing are refused', async () => {
	const { issuer, refund } = await shop();
	const [, signature] = issuer.session({ notAfter: Date.now() - 1 }).split('.');
	const [claims] = issuer.session().split('.');
	expect(await refund(`${claims}.${signature}`)).toMatchObject({ status: 403, body: { error: 'session-forged' } });
});

test('no session and a malformed one are refused', async () => {
	const { refund } = await shop();
	expect(await refund()).toMatchObject({ status: 401 });
	for (const token of ['x', 'x.y', 'e30.e30', 'a'.repeat(9_000)]) expect(await refund(token)).toMatchObject({ status: 403 });
});

test('a session whose policy cannot be read may do nothing', async () => {
	const { directory, issuer, refund } = await shop();
	for (const policy of ['', '{}', 'null', '{"Statement":[{"Condition":{"DateGreaterThan":{"aws:CurrentTime":"tomorrow"}}}]}']) {
		expect(await refund(issuer.session({ policy }))).toMatchObject({ status: 403, body: { error: 'session-malformed' } });
	}
	// The signature is right, so it is known whose it was.
	expect(readJournal(directory, 'payments').at(-1)).toMatchObject({ kind: 'refused', by: { sessionName: 'run-1.2.1' } });
});

test('a session whose policy denies without a condition has ended', async () => {
	const { issuer, refund } = await shop();
	const policy = JSON.stringify({ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
	expect(await refund(issuer.session({ policy }))).toMatchObject({ status: 403, body: { error: 'session-expired' } });
});

test("until the issuer's key is there the answer is 503, and a replaced key counts at once", async () => {
	const { directory, issuer, refund } = await shop();
	rmSync(issuer.publicKeyFile);
	expect(await refund(issuer.session())).toMatchObject({ status: 503, body: { error: 'no-issuer-key' } });
	const next = issuerIn(directory);
	expect(await refund(issuer.session())).toMatchObject({ status: 403 });
	expect(await refund(next.session())).toMatchObject({ status: 201 });
});

test('no token is ever on disk (A3)', async () => {
	const { directory, issuer, refund } = await shop();
	const tokens = [issuer.session(), issuer.session({ notAfter: 1 }), signed(generateKeyPairSync('ed25519').privateKey)];
	for (const token of tokens) await refund(token);
	const stored = readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
	for (const token of tokens) for (const part of token.split('.')) expect(stored.join('')).not.toContain(part);
});
