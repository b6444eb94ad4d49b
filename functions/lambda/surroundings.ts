/** The ports over AWS, for a function that Lambda runs. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { dynamoGeneration, refuseUnconfirmed } from '../../adapters/dynamodb/generations.ts';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { s3Client, s3Payloads } from '../../adapters/s3/payloads.ts';
import { epochMs } from '../../core/ids.ts';
import { createReader, type Reader, type Store } from '../../core/ledger/read.ts';
import type { Runs } from '../../core/ports.ts';
import type { ledgerVariables } from './environment.ts';

export type LambdaContext = { readonly functionName: string; getRemainingTimeInMillis(): number };
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

export const clock = { now: () => epochMs.parse(Date.now()) };
const randomness = { bytes: (length: number) => randomBytes(length) };
/** Standard error of a Lambda goes to its log group. Its writes are done before the next line of ours runs. */
export const log = (line: { name: string; message: string }): void => void process.stderr.write(`${JSON.stringify(line)}\n`);
/** Lambda starts a new process for the next invocation. */
export const exit = (): void => process.exit(70);

/**
 * The ledger, asked once a process for the generation of its table. Were that set when deploying, a table restored under
 * its old name would pass for the one it was restored from, which is what a generation is to tell apart.
 */
export async function ledgerOf(
	names: z.infer<typeof ledgerVariables>,
	tables: Readonly<Record<string, string>> = {},
): Promise<{ store: Store; reader: Reader; runs: Runs }> {
	const client = dynamoClient();
	const [ledgerTable, keysTable] = [names.THROUGHLINE_LEDGER_TABLE, names.THROUGHLINE_KEYS_TABLE];
	const generation = await tableGeneration(client, ledgerTable);
	await refuseUnconfirmed(dynamoGeneration({ client, table: ledgerTable, id: generation }), ledgerTable);
	const { ledger, claims, keys, runs } = dynamoStore({ client, generation, ledgerTable, keysTable, tables });
	const payloads = s3Payloads({ client: s3Client(), bucket: names.THROUGHLINE_PAYLOAD_BUCKET });
	const store: Store = { ledger, claims, keys, payloads, clock, randomness };
	return { store, reader: createReader(store), runs };
}
