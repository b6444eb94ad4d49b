/** What a test does in the emulated account, through the APIs of AWS alone: opens tickets, answers, looks, stops. */

import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
	DescribeExecutionCommand,
	ListExecutionsCommand,
	SFNClient,
	StartExecutionCommand,
	StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { tableGeneration } from '../../../adapters/dynamodb/generation.ts';
import { dynamoStore } from '../../../adapters/dynamodb/store.ts';
import { keyAttribute } from '../../../adapters/dynamodb/writes.ts';
import { s3Client, s3Payloads } from '../../../adapters/s3/payloads.ts';
import { ENTRIES_PER_QUERY } from '../../../core/bounds.ts';
import { epochMs } from '../../../core/ids.ts';
import type { Entry } from '../../../core/ledger/entry.ts';
import { createReader, type Store } from '../../../core/ledger/read.ts';
import { stepOf } from '../../../core/ledger/state.ts';
import { verifyRun } from '../../../core/ledger/verify.ts';
import type { Runs } from '../../../core/ports.ts';
import { type StatusAnswer, status } from '../../../functions/status/status.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import { functionUrlPath } from '../proxy/function-urls.ts';
import { switchRule } from './rules.ts';
import { type Keys, signedPost } from './signed.ts';
import { unattacked } from './unattacked.ts';

const POLL_MS = 250;
const PATIENCE_MS = 90_000;

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
	const reader = createReader(store);
	const states = new SFNClient(config);
	const lambda = new LambdaClient(config);
	const tables = dynamoClient(config);

	const post = async (url: string, keys: Keys, body: unknown): Promise<Said> => {
		const sent = { body: JSON.stringify(body), type: 'application/json' };
		const answer = await signedPost(new URL(functionUrlPath(url), endpoint), sent, { keys, service: 'lambda', region });
		return { status: answer.status, body: await answer.json() };
	};
	const look = (run: string): Promise<StatusAnswer> => status(run, { store });
	const executions = async (machine: 'AgentRunMachine' | 'RecoverMachine' | 'StepMachineStockRoom', of: string) => {
		const { executions: found = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn: output(machine), maxResults: 1000 }));
		return found.filter(({ name }) => name?.startsWith(of));
	};

	return {
		store,
		runs: unattacked(runs),
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
			const { Payload } = await lambda.send(
				new InvokeCommand({ FunctionName: `${output('NamePrefix')}sweep`, Payload: Buffer.from('{}') }),
			);
			return JSON.parse(Buffer.from(Payload ?? []).toString());
		},
		until,
		/** What the run became, once nothing is left to do. */
		finished: (run: string, withinMs?: number) =>
			until(
				`run ${run} has finished`,
				async () => {
					const seen = await look(run);
					return seen.status === 'finished' ? seen : undefined;
				},
				withinMs,
			),
		/** The step that waits for a person, once one does. */
		waits: (run: string, what: 'approval' | 'doubt', withinMs?: number) =>
			until(
				`run ${run} waits for ${what}`,
				async () => {
					const { status: standing, waiting } = await look(run);
					return standing === 'waiting' ? waiting.find((one) => one.for === what)?.step : undefined;
				},
				withinMs,
			),
		/** Shown what the step asks, as it is asked now. */
		approve: async (run: string, step: number, keys: Keys = people.approver) => {
			const { state } = await reader.read(run);
			const shown = stepOf(state, step)?.hold?.shown;
			return post(output('DecideUrl'), keys, { run, answer: { is: 'approve', step, shown, note: 'looked at the order, fine' } });
		},
		refuse: async (run: string, step: number) => {
			const { state } = await reader.read(run);
			const shown = stepOf(state, step)?.hold?.shown;
			return post(output('DecideUrl'), people.approver, { run, answer: { is: 'refuse', step, shown, note: 'not this one' } });
		},
		/** As a person may, who does not want to wait for the sweeper. */
		recover: async (run: string): Promise<void> => {
			const input = JSON.stringify({ run, reason: 'person' });
			await states.send(new StartExecutionCommand({ stateMachineArn: output('RecoverMachine'), input }));
		},
		/** A number in a table that transactions write to, as deployed. */
		counted: async (table: 'RefundDeskCredits' | 'StockRoomStock', key: string, attribute: string): Promise<number> => {
			const Key = { [keyAttribute]: { S: key } };
			const { Item } = await tables.send(new GetItemCommand({ TableName: output(`Table${table}`), Key, ConsistentRead: true }));
			return Number(Item?.[attribute]?.N ?? 0);
		},
		/** Switches a rule of the runtime on or off, by a part of its name. */
		rule: (part: string, to: 'enabled' | 'disabled'): Promise<void> => switchRule(part, to, { endpoint, region, keys: people.root }),
		entries: async (run: string): Promise<Entry[]> => {
			const stored = await store.ledger.read(run, { from: 0, limit: ENTRIES_PER_QUERY });
			const checked = verifyRun(run, stored);
			if (checked.is === 'broken') throw new Error(`the ledger of ${run} is damaged at ${checked.place}: ${checked.why}`);
			return checked.entries;
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

/** Looks until there is what it waits for. @throws Error that names it, after so long. */
async function until<T>(what: string, seen: () => Promise<T | undefined>, withinMs = PATIENCE_MS): Promise<T> {
	const begun = performance.now();
	for (;;) {
		const found = await seen();
		if (found !== undefined) return found;
		if (performance.now() - begun > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
		await setTimeout(POLL_MS);
	}
}
