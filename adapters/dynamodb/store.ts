/** The storage ports over DynamoDB. Payloads are not among them: an item ends at 400 KB, content at 1 MiB; they go to S3. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Claims, Ledger, RunKeys, Runs, Tables } from '../../core/ports.ts';
import { dynamoClaims } from './claims.ts';
import { clientAs } from './client.ts';
import { dynamoKeys } from './keys.ts';
import { dynamoLedger } from './ledger.ts';
import { dynamoRuns } from './runs.ts';
import { dynamoTables, realNames } from './tables.ts';

export type DynamoStore = { ledger: Ledger; claims: Claims; tables: Tables; keys: RunKeys; runs: Runs };
export type DynamoOptions = {
	/** @see dynamoClient */
	readonly client: DynamoDBClient;
	/** The `TableId` that DynamoDB gave the ledger's table: a restored one has another. */
	readonly generation: string;
	readonly ledgerTable: string;
	readonly keysTable: string;
	/** The real name behind each name that a tool declares. Nothing outside it can be read or written as a table. */
	readonly tables: Readonly<Record<string, string>>;
};

/**
 * A store over tables that exist. Nothing is asked of them until they are used.
 *
 * @throws TypeError when `tables` leads to the ledger's or the keys' own table.
 * @see docs/spec/storage.md
 */
export function dynamoStore({ client, generation, ledgerTable, keysTable, tables }: DynamoOptions): DynamoStore {
	const realName = realNames(tables, [ledgerTable, keysTable]);
	return {
		ledger: dynamoLedger({ client, as: (session) => clientAs(client, session), table: ledgerTable, generation, realName }),
		claims: dynamoClaims(client, ledgerTable),
		tables: dynamoTables(client, realName),
		keys: dynamoKeys(client, keysTable),
		runs: dynamoRuns(client, ledgerTable),
	};
}
