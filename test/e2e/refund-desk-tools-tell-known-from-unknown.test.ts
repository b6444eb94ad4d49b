/** Each tool against the world: a refusal in the target's own words is `EffectFailed`; whatever else goes wrong leaves it open (S4). */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import agent from '../../agents/refund-desk/agent.ts';
import { readJournal } from '../../agents/refund-desk/world/start.ts';
import { epochMs } from '../../core/ids.ts';
import { EffectFailed, type ToolContext } from '../../index.ts';
import { issuerIn, scratchDirectory, worldFor } from './world-outside.ts';

const refund = { charge: 'ch_1001', amountCents: 1225, reason: 'mug' };
const recall = { tracking: 'TRK-1006' };

function tool(name: string) {
	const found = agent.tools.get(name);
	if (!found) throw new Error(`no tool ${name}`);
	return found;
}

function context(settings: Readonly<Record<string, string>>, sessionToken: string, change: Partial<ToolContext> = {}): ToolContext {
	const credentials = { accessKeyId: 'ASIATEST', secretAccessKey: 's', sessionToken, expiresAt: epochMs.parse(Date.now() + 900_000) };
	return { idempotencyKey: 'k1', credentials, run: 'run-1', step: 2, attempt: 1, signal: AbortSignal.timeout(60_000), settings, ...change };
}

async function shop(answerDelayMs = 0) {
	const directory = scratchDirectory();
	const issuer = issuerIn(directory);
	const { settings } = await worldFor({ directory, issuerPublicKey: issuer.publicKeyFile, answerDelayMs });
	const run = (name: string, input: unknown, change: Partial<ToolContext> = {}) =>
		tool(name).run(input, context(settings, issuer.session(), change));
	return { directory, issuer, settings, run };
}

/** A service of a test's own making, under every setting. */
async function impostor(listener: RequestListener): Promise<Record<string, string>> {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
	return Object.fromEntries(agent.settings.map((name) => [name, url]));
}

test('each tool does its work, and its result is of its declared shape', async () => {
	const { directory, run } = await shop();
	for (const [name, input] of [
		['orders.find', { order: 'o_1001' }],
		['payments.refund', refund],
		['carrier.recall', recall],
		['mail.send', { customer: 'c_anna', to: 'anna@example.com', subject: 's', body: 'b' }],
	] as const) {
		expect(tool(name).output.safeParse(await run(name, input)).error).toBeUndefined();
	}
	expect(readJournal(directory, 'payments').map(({ kind }) => kind)).toEqual(['seeded', 'read', 'refunded']);
	expect(readJournal(directory, 'carrier').at(-1)).toMatchObject({ kind: 'recalled', reference: 'k1', by: { sessionName: 'run-1.2.1' } });
	expect(readJournal(directory, 'mail')).toMatchObject([{ kind: 'sent', to: 'anna@example.com' }]);
});

test('what was refunded is left out of the next reading', async () => {
	const { run } = await shop();
	await run('payments.refund', refund);
	expect(await run('orders.find', { order: 'o_1001' })).toMatchObject({ charges: [{ amountCents: 2450, remainingCents: 1225 }] });
});

test('the same step tried again refunds once', async () => {
	const { directory, run } = await shop();
	const first = await run('payments.refund', refund);
	expect(await run('payments.refund', refund, { attempt: 2 })).toEqual(first);
	expect(readJournal(directory, 'payments').map(({ kind }) => kind)).toEqual(['seeded', 'refunded', 'replayed']);
});

test('a credit is two writes that land together, and the second stands for the step', async () => {
	const { run } = await shop();
	expect(await run('credits.grant', { customer: 'c_farid', order: 'o_1006', amountCents: 500, reason: 'r' })).toMatchObject({
		output: { amountCents: 500 },
		writes: [
			{ table: 'credits', key: 'c_farid', add: { cents: 500 } },
			{ table: 'credits', key: 'grant#k1', onlyIf: 'absent' },
		],
	});
});

test('refusals are known: nothing happened', async () => {
	const { issuer, settings, run } = await shop();
	await expect(run('payments.refund', { ...refund, amountCents: 2451 })).rejects.toThrow(EffectFailed);
	await expect(run('orders.find', { order: 'o_9' })).rejects.toThrow(/orders answered 404: there is no order o_9/);
	await expect(run('carrier.recall', { tracking: 'TRK-1001' })).rejects.toThrow(EffectFailed);
	const ended = context(settings, issuer.session({ notAfter: Date.now() - 1 }));
	await expect(tool('payments.refund').run(refund, ended)).rejects.toThrow(EffectFailed);
});

test('an answer that does not come in time leaves the refund open; it has happened', async () => {
	const { directory, run } = await shop(60_000);
	const over = new AbortController();
	const cutOff = expectOpen(run('payments.refund', refund, { signal: over.signal }));
	await expect.poll(() => readJournal(directory, 'payments').at(-1)?.kind, { timeout: 60_000 }).toBe('refunded');
	over.abort();
	await cutOff;
});

test.for<[string, RequestListener]>([
	['500', (_, response) => response.writeHead(500).end('{"error":"e","message":"m"}')],
	["a 404 that is not in the service's own words", (_, response) => response.writeHead(404).end('<html>no upstream</html>')],
	['409, which may speak of a request under way', (_, response) => response.writeHead(409).end('{"error":"e","message":"m"}')],
	['a good status with a body nobody can read', (_, response) => response.writeHead(200).end('{"refund":')],
	['a good status with something else', (_, response) => response.writeHead(200).end('{"refund":7}')],
	['a redirect', (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
	['a line that breaks', (request) => request.socket.destroy()],
	['an answer without end', (_, response) => void response.writeHead(200).end(Buffer.alloc(1_000_000, 32))],
])('%s leaves it open', async ([, listener]) => {
	const settings = await impostor(listener);
	for (const [name, input] of [
		['payments.refund', refund],
		['carrier.recall', recall],
		['mail.send', { customer: 'c_anna', to: 'anna@example.com', subject: 's', body: 'b' }],
	] as const) {
		await expectOpen(tool(name).run(input, context(settings, 'token')));
	}
});

test('the lookup finds a recall once it shows, is sure of one that is not there, and never guesses', async () => {
	const { settings, issuer, run } = await shop();
	const { attempt, ...asking } = context(settings, issuer.session());
	const lookup = (change: object = {}) => tool('carrier.recall').lookup?.(recall, { ...asking, attempts: [attempt], ...change });
	expect(await lookup()).toEqual({ absent: true });
	await run('carrier.recall', recall);
	await new Promise((next) => setTimeout(next, tool('carrier.recall').visibleWithinMs));
	expect(await lookup()).toEqual({ found: { recall: 'rc_1', tracking: 'TRK-1006' } });
	expect(await lookup({ idempotencyKey: 'k2' })).toEqual({ absent: true });
	const failing = await impostor((_, response) => response.writeHead(404).end('{"error":"e","message":"m"}'));
	expect(await lookup({ settings: failing })).toMatchObject({ unknown: expect.any(String) });
});

async function expectOpen(attempt: Promise<unknown>): Promise<void> {
	const error = await attempt.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(Error);
	expect(error).not.toBeInstanceOf(EffectFailed);
}
