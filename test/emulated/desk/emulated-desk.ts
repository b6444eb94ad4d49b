/** What a test does in the emulated account, through the APIs of AWS alone: opens tickets, answers, looks, stops. */

import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { tableGeneration } from '../../../adapters/dynamodb/generation.ts';
import { dynamoStore } from '../../../adapters/dynamodb/store.ts';
import { s3Client, s3Payloads } from '../../../adapters/s3/payloads.ts';
import { epochMs } from '../../../core/ids.ts';
import type { Store } from '../../../core/ledger/read.ts';
import type { Runs } from '../../../core/ports.ts';
import { type StatusAnswer, status } from '../../../functions/status/status.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import { functionUrlPath } from '../proxy/function-urls.ts';
import { type Keys, signedPost } from './signed.ts';

const POLL_MS = 250;
const FUNCTION_PREFIX = 'throughline-dev-';

export type Said = { readonly status: number; readonly body: unknown };
export type EmulatedDesk = Awaited<ReturnType<typeof emulatedDesk>>;

export async function emulatedDesk({ endpoint, region, outputs, people }: EmulatedAccount) {
	const config = { endpoint, region, credentials: people.root };
	const output = (name: string): string => {
		const value = outputs[name];
		if (value === undefined) throw new Error(`the stacks print no ${name}: ${Object.keys(outputs).join(', ')}`);
		return value;
	};
	const { store, runs } = await storeOf(config, output);
	const states = new SFNClient(config);
	const lambda = new LambdaClient(config);

	const post = async (url: string, keys: Keys, body: unknown): Promise<Said> => {
		const sent = { body: JSON.stringify(body), type: 'application/json' };
		const answer = await signedPost(new URL(functionUrlPath(url), endpoint), sent, { keys, service: 'lambda', region });
		return { status: answer.status, body: await answer.json() };
	};
	const look = (run: string): Promise<StatusAnswer> => status(run, { store });
	const executions = async (machine: 'AgentRunMachine' | 'RecoverMachine' | 'StepMachine', of: string) => {
		const { executions: found = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn: output(machine), maxResults: 1000 }));
		return found.filter(({ name }) => name?.startsWith(of));
	};

	return {
		store,
		runs,
		look,
		executions,
		open: (run: string, task: unknown, keys: Keys = people.clerk) => post(output('OpenUrlRefundDesk'), keys, { run, task }),
		answer: (run: string, answer: unknown, keys: Keys = people.approver) => post(output('DecideUrl'), keys, { run, answer }),
		close: (run: string, reason: string) => post(output('CloseUrl'), people.approver, { run, reason }),
		stop: async (executionArn: string) =>
			void (await states.send(new StopExecutionCommand({ executionArn, error: 'Test', cause: 'stopped by a test' }))),
		describe: (executionArn: string) => states.send(new DescribeExecutionCommand({ executionArn })),
		/** As its schedule would. */
		sweep: async (): Promise<unknown> => {
			const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: `${FUNCTION_PREFIX}sweep`, Payload: Buffer.from('{}') }));
			return JSON.parse(Buffer.from(Payload ?? []).toString());
		},
		/** Looks until `seen` has what it waits for. @throws Error with what it saw last, after so long. */
		until: async <T>(what: string, seen: () => Promise<T | undefined | false>, withinMs = 90_000): Promise<T> => {
			const begun = performance.now();
			for (;;) {
				const found = await seen();
				if (found !== undefined && found !== false) return found;
				if (performance.now() - begun > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
				await setTimeout(POLL_MS);
			}
		},
	};
}

async function storeOf(
	config: { endpoint: string; region: string; credentials: Keys },
	output: (name: string) => string,
): Promise<{ store: Store; runs: Runs }> {
	const client = dynamoClient(config);
	const ledgerTable = output('LedgerTable');
	const generation = await tableGeneration(client, ledgerTable);
	const { ledger, claims, keys, runs } = dynamoStore({ client, generation, ledgerTable, keysTable: output('KeysTable'), tables: {} });
	const payloads = s3Payloads({ client: s3Client(config), bucket: output('PayloadBucket') });
	const clock = { now: () => epochMs.parse(Date.now()) };
	return { store: { ledger, claims, keys, payloads, clock, randomness: { bytes: (length) => randomBytes(length) } }, runs };
}
