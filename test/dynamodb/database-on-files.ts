/** DynamoDB Local on files of its own, which outlive it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import type { DynamoOptions } from '../../adapters/dynamodb/store.ts';
import type { Confirm } from './fault-proxy.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';
import { here } from './local-store.ts';

/** Longer than any one statement of the database takes. */
const LOCK_MS = 10_000;

export async function databaseOnFiles() {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-dynamodb-'));
	let database: LocalDatabase = await startLocalDatabase({ directory });
	const { endpoint } = database;
	onTestFinished(async () => {
		await database.kill();
		rmSync(directory, { recursive: true, force: true });
	});
	return {
		endpoint,
		kill: () => database.kill(),
		/** On the same files and port. */
		async start(): Promise<void> {
			database = await startLocalDatabase({ directory, port: Number(new URL(endpoint).port) });
		},
		/** Its one file, which is SQLite's. */
		file: () => new DatabaseSync(join(directory, `local_${here.region}.db`), { timeout: LOCK_MS }),
	};
}

/**
 * Waits until a transaction that was answered is committed: a put after it is answered once committed itself, and SQLite
 * commits one after the other.
 */
export function committed(options: DynamoOptions, table: string): Confirm {
	const { endpoint } = options.client.config;
	const client = new DynamoDBClient({ ...here, ...(endpoint && { endpoint }), maxAttempts: 1 });
	onTestFinished(() => client.destroy());
	return async ({ n, target }) => {
		if (target !== 'TransactWriteItems') return;
		await client.send(new PutItemCommand({ TableName: options.tables[table], Item: { key: { S: 'after' }, request: { N: String(n) } } }));
	};
}
