/**
 * A transaction made again with its token is the same transaction for ten minutes, and after that one of its own, which
 * fails on its own conditions. So no token of ours is sent: core's repeat has to have one answer, whenever it comes.
 */
import { TransactWriteItemsCommand, type TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { put } from '../../core/ledger/append.ts';
import { databaseOnFiles } from './database-on-files.ts';
import { pass } from './fault-proxy.ts';
import { localOptions } from './local-store.ts';
import { proxiedStore } from './proxied-store.ts';
import { isThere, kindsOfWriting } from './writes.ts';

const MINUTE_MS = 60_000;
const tokenOf = ({ body }: { body: { readonly ClientRequestToken?: unknown } }) => body.ClientRequestToken;

test('after nine minutes it is the same, after eleven it conflicts with itself', async () => {
	const { endpoint, file } = await databaseOnFiles();
	const options = await localOptions(undefined, endpoint);
	const { store, proxy, close } = await proxiedStore(options, { database: endpoint });
	onTestFinished(close);
	const writing = kindsOfWriting.at(-1)?.of('t-1') ?? expect.unreachable();
	expect(await store.ledger.append(writing.entry, writing.together)).toEqual({ is: 'appended' });
	const sent = proxy.requests[0]?.body as unknown as TransactWriteItemsCommandInput;
	const again = () =>
		options.client.send(new TransactWriteItemsCommand(sent)).then(
			() => 'the same',
			({ name }: Error) => name,
		);
	const laterBy = (ms: number): void => {
		const database = file();
		expect(database.prepare('UPDATE tr SET CreationDateTime = CreationDateTime - ?').run(ms).changes).toBe(1);
		database.close();
	};

	expect(await again()).toBe('the same');
	laterBy(9 * MINUTE_MS);
	expect(await again()).toBe('the same');
	laterBy(2 * MINUTE_MS);
	expect(await again()).toBe('TransactionCanceledException');
	expect(await isThere(dynamoStore(options), writing)).toBe(true);
	expect(await store.ledger.append(writing.entry, writing.together)).toEqual({ is: 'conflict', holder: writing.entry });
	expect(await put(store, writing.entry, writing.together)).toEqual({ is: 'appended' });
	expect(await isThere(dynamoStore(options), writing)).toBe(true);
});

test('the SDK’s second try has the token of the first, core’s repeat another, and it is committed once', async () => {
	const options = await localOptions();
	const plan = ({ n }: { n: number }) => (n <= 3 ? ({ is: 'reply-lost' } as const) : pass);
	const { store, proxy, close } = await proxiedStore(options, { database: inject('dynamodbEndpoint'), plan });
	onTestFinished(close);
	const writing = kindsOfWriting.at(-1)?.of('t-2') ?? expect.unreachable();
	expect(await put(store, writing.entry, writing.together)).toEqual({ is: 'appended' });
	const tokens = proxy.requests.map(tokenOf);
	expect(tokens.every((token) => typeof token === 'string')).toBe(true);
	// Lost twice within the first call: unknown. Lost once within the second, which then hears that it conflicts with itself.
	expect(tokens).toEqual([tokens[0], tokens[0], tokens[2], tokens[2]]);
	expect(tokens[2]).not.toBe(tokens[0]);
	expect(await isThere(dynamoStore(options), writing)).toBe(true);
});
