import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { NoAnswer } from '../../adapters/dynamodb/errors.ts';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { claimOf, entryAt } from '../contract/samples.ts';
import { localOptions } from './local-store.ts';

type Answer = { status: number; body: object };

/** A store whose endpoint gives these answers, one a request, the last one from then on. */
async function answering(answers: (Answer | 'lost')[]) {
	const requests: string[] = [];
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			requests.push(Buffer.concat(parts).toString());
			const answer = answers[Math.min(requests.length, answers.length) - 1];
			if (answer === 'lost' || !answer) return void request.socket.destroy();
			response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer.body));
		});
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	onTestFinished(() => void server.close());
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
	const client = dynamoClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials });
	const store = dynamoStore({ client, generation: 'g', ledgerTable: 'ledger', keysTable: 'keys', tables: { orders: 'orders' } });
	return { store, requests };
}
const refusal = (name: string, more: object = {}): Answer => ({
	status: 400,
	body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no', ...more },
});
const cancelled = (...codes: string[]) => refusal('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
const together = { claim: claimOf('k'), writes: [{ table: 'orders', key: 'o-1', put: {} }] };

test('a table that is not there is unavailable, for writing and reading', async () => {
	const options = { ...(await localOptions()), ledgerTable: 'nowhere', keysTable: 'nowhere-either' };
	const { ledger, keys } = dynamoStore(options);
	await expect(ledger.append(entryAt(0))).rejects.toThrow(/table nowhere is unavailable: the table does not exist.*Deploy it/);
	await expect(ledger.append(entryAt(0), together)).rejects.toThrow(LedgerUnavailable);
	await expect(ledger.latest('run-1', 1)).rejects.toThrow(LedgerUnavailable);
	await expect(keys.get('run-1')).rejects.toThrow(LedgerUnavailable);
});

test('an entry past the largest item is unavailable, with the bound in the message', async () => {
	const { ledger } = dynamoStore(await localOptions());
	const large = entryAt(0, { sizeBytes: 410_000 });
	await expect(ledger.append(large)).rejects.toThrow(/size of the entry with 400 KB/);
	await expect(ledger.append(large, together)).rejects.toThrow(LedgerUnavailable);
	expect(await ledger.latest('run-1', 1)).toEqual([]);
});

test.each(['AccessDeniedException', 'ExpiredTokenException', 'UnrecognizedClientException'])(
	'%s at the first try is unavailable',
	async (name) => {
		const { store } = await answering([refusal(name)]);
		await expect(store.ledger.append(entryAt(0))).rejects.toThrow(LedgerUnavailable);
		await expect(store.ledger.append(entryAt(0), together)).rejects.toThrow(LedgerUnavailable);
		await expect(store.claims.latest('refund', 'k')).rejects.toThrow(LedgerUnavailable);
	},
);

test('a refusal after a try whose answer was lost is unknown: that try may have landed', async () => {
	const { store, requests } = await answering(['lost', refusal('AccessDeniedException')]);
	expect(await store.ledger.append(entryAt(0))).toEqual({ is: 'unknown', cause: expect.stringContaining('AccessDenied') });
	expect(requests).toHaveLength(2);
});

test.each([
	['a lost answer', 'lost' as const],
	['InternalServerError', { ...refusal('InternalServerError'), status: 500 }],
	['ThrottlingException', refusal('ThrottlingException')],
	['TransactionConflictException', refusal('TransactionConflictException')],
	['TransactionInProgressException', refusal('TransactionInProgressException')],
])('%s leaves an append unknown, and a read without an answer', async (_, answer) => {
	const { store } = await answering([answer]);
	expect((await store.ledger.append(entryAt(0))).is).toBe('unknown');
	expect((await store.ledger.append(entryAt(0), together)).is).toBe('unknown');
	await expect(store.ledger.latest('run-1', 1)).rejects.toThrow(NoAnswer);
	await expect(store.keys.create('run-1', new Uint8Array(32))).rejects.toThrow(NoAnswer);
});

test.each([
	['the place is being taken', ['TransactionConflict', 'ConditionalCheckFailed', 'ConditionalCheckFailed'], 'unknown'],
	['the claim is being taken', ['None', 'TransactionConflict', 'ConditionalCheckFailed'], 'unknown'],
	['a throttled table', ['None', 'None', 'ThrottlingError'], 'unknown'],
	['a refused write', ['None', 'None', 'ConditionalCheckFailed'], 'refused'],
])('a transaction cancelled for %s', async (_, codes, is) => {
	const { store } = await answering([cancelled(...codes)]);
	expect((await store.ledger.append(entryAt(0), together)).is).toBe(is);
});

test('the second try of a transaction is the same transaction', async () => {
	const { store, requests } = await answering(['lost', { status: 200, body: {} }]);
	expect(await store.ledger.append(entryAt(0), together)).toEqual({ is: 'appended' });
	expect(requests[0]).toContain('"ClientRequestToken"');
	expect(requests[1]).toBe(requests[0]);
});

test('an endpoint that accepts and never answers ends unknown, in seconds', async () => {
	const server = createServer(() => {}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	onTestFinished(() => server.closeAllConnections());
	const address = server.address();
	const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
	const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
	const client = dynamoClient({ endpoint, region: 'eu-central-1', credentials });
	const { ledger } = dynamoStore({ client, generation: 'g', ledgerTable: 'ledger', keysTable: 'keys', tables: {} });
	expect((await ledger.append(entryAt(0))).is).toBe('unknown');
	server.close();
});

test('an item that somebody else put is not believed', async () => {
	const { store } = await answering([{ status: 200, body: { Items: [{ pk: { S: 'run#run-1' }, sk: { S: '7' }, body: { S: '{}' } }] } }]);
	await expect(store.ledger.latest('run-1', 1)).rejects.toThrow(/an entry of run-1 is not of the shape/);
	await expect(store.claims.latest('refund', 'k')).rejects.toThrow(/a claim is not of the shape/);
	await expect(store.runs.list({ limit: 1 })).resolves.toEqual(['run-1']);
});
