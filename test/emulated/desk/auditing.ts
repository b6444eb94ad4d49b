/** What a test asks of the deployed audit: that all that was seen has come, and what is found of a run. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { dynamoFindings, dynamoWitnesses } from '../../../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { sqsClient } from '../../../adapters/sqs/poison.ts';
import { readEventText } from '../../../core/audit/event.ts';
import type { Finding } from '../../../core/audit/finding.ts';
import { SLACK_MS } from '../../../core/audit/terms.ts';
import { atLarge, type Witness } from '../../../core/audit/witness.ts';
import { reconcileFunction } from '../../../core/ids.ts';
import { ingestVariables, knownOf, readEnvironment, reconcileVariables } from '../../../functions/lambda/environment.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import { tellingProxy } from '../proxy/control.ts';

const PER_PAGE = 500;
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

const answer = z.object({
	reconciled: z.int(),
	findings: z.int(),
	raised: z.int(),
	unread: z.int(),
	witnessed: z.int(),
	unwitnessable: z.int(),
	open: z.int(),
});
const commandLine = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const commandLineAnswer = z.object({ findings: z.array(z.object({ kind: z.string() })) });
export type Answer = z.infer<typeof answer>;
export type Auditing = Awaited<ReturnType<typeof auditing>>;

export async function auditing({ endpoint, region, outputs, people, control, delivered, directory }: EmulatedAccount) {
	const config = { endpoint, region, credentials: people.root };
	const lambda = new LambdaClient(config);
	const proxy = tellingProxy(control);
	const variablesOf = async (name: string): Promise<Record<string, string> | undefined> => {
		const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${outputs.NamePrefix}${name}` }));
		return found.Environment?.Variables;
	};
	const ingesting = readEnvironment(ingestVariables, await variablesOf('ingest'));
	const reconciling = readEnvironment(reconcileVariables, await variablesOf(reconcileFunction('refund-desk')));
	const delayMs = reconciling.THROUGHLINE_RECONCILE_DELAY_SECONDS * 1_000;
	const tables = dynamoClient(config);
	const witnesses = dynamoWitnesses(tables, ingesting.THROUGHLINE_WITNESSES_TABLE);
	const findings = dynamoFindings(tables, reconciling.THROUGHLINE_FINDINGS_TABLE);
	const entered = eventsEntered(delivered, (text) => {
		const read = readEventText(text, knownOf(ingesting), 'stream');
		return read.is === 'witness' ? read.witness : undefined;
	});
	const seen = async (subject: string): Promise<Witness[]> => {
		const all: Witness[] = [];
		for (let last = all.at(-1), more = true; more; last = all.at(-1)) {
			const page = await witnesses.about(subject, { ...(last && { after: last }), limit: PER_PAGE });
			all.push(...page);
			more = page.length === PER_PAGE;
		}
		return all;
	};

	/** Once every event about it that has entered the log group is a witness, brought there by subscription, stream and `ingest`. */
	const delivering = async (subject: string): Promise<void> => {
		await proxy.flush();
		const expected = entered().get(subject) ?? new Set();
		const begun = performance.now();
		for (;;) {
			const there = new Set((await seen(subject)).map(({ eventID }) => eventID));
			const missing = [...expected].filter((eventID) => !there.has(eventID));
			if (missing.length === 0) return;
			if (performance.now() - begun > PATIENCE_MS)
				throw new Error(`${missing.length} events about ${subject} have not come: ${missing[0]}`);
			await setTimeout(POLL_MS);
		}
	};
	const reconcile = async (run: string): Promise<Answer> => {
		const asked = new InvokeCommand({
			FunctionName: `${outputs.NamePrefix}${reconcileFunction('refund-desk')}`,
			Payload: JSON.stringify({ run }),
		});
		const { Payload, FunctionError } = await lambda.send(asked);
		const said = Payload?.transformToString() ?? '';
		if (FunctionError !== undefined) throw new Error(`reconcile: ${said}`);
		return answer.parse(JSON.parse(said));
	};
	return {
		proxy,
		/** Witnesses about a run, or about what is at large. */
		seen,
		delivered: async (run: string): Promise<void> => {
			await delivering(run);
			await delivering(atLarge.trail);
		},
		/** How many events of ours have entered in all; every one of them is a witness by then. */
		everythingDelivered: async (): Promise<number> => {
			await proxy.flush();
			const all = [...entered()];
			for (const [subject] of all) await delivering(subject);
			return all.reduce((sum, [, events]) => sum + events.size, 0);
		},
		/** What nobody could read, as far as the queue tells at once. */
		poison: async (): Promise<string[]> => {
			const asked = { QueueUrl: ingesting.THROUGHLINE_POISON_QUEUE, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
			const { Messages = [] } = await sqsClient(config).send(new ReceiveMessageCommand(asked));
			return Messages.map(({ Body }) => Body ?? '');
		},
		subjects: (): Promise<string[]> => witnesses.subjects({ limit: PER_PAGE }),
		/** The deployed function's own answer about one run. */
		reconcile,
		/** What `throughline audit` says of one run of the deployment, and its exit code. */
		byCommandLine: async (run: string): Promise<{ exit: number; findings: readonly { readonly kind: string }[] }> => {
			const file = join(directory, 'outputs-of-all.json');
			writeFileSync(file, JSON.stringify({ all: outputs }));
			const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = people.root;
			const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
			const child = spawn(process.execPath, [commandLine, 'audit', run, '--outputs', file, '--json'], {
				env,
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
			const text = (await child.stdout.toArray()).join('');
			return { exit: await ended, findings: commandLineAnswer.parse(JSON.parse(text)).findings };
		},
		/** Findings of the table, by whomever they were raised. */
		findings: (about: string): Promise<Finding[]> => findings.list({ about, limit: PER_PAGE }),
		/** Absence counts from so long after what is missing: until then it may still come. */
		untilAbsenceCounts: (sinceMs: number): Promise<void> => setTimeout(Math.max(0, sinceMs + delayMs + SLACK_MS + 1_000 - Date.now())),
	};
}

/** Ids of events that entered the log group and are ours, by what they are about; read on from where it was read to. */
function eventsEntered(file: string, read: (text: string) => Witness | undefined): () => ReadonlyMap<string, Set<string>> {
	const by = new Map<string, Set<string>>();
	let half = Buffer.alloc(0);
	let at = 0;
	return () => {
		const descriptor = openSync(file, 'r');
		const chunk = Buffer.alloc(1_048_576);
		for (let size = readSync(descriptor, chunk, 0, chunk.length, at); size > 0; size = readSync(descriptor, chunk, 0, chunk.length, at)) {
			at += size;
			const bytes = Buffer.concat([half, chunk.subarray(0, size)]);
			const whole = bytes.lastIndexOf('\n') + 1;
			half = Buffer.from(bytes.subarray(whole));
			for (const line of bytes.subarray(0, whole).toString().split('\n').slice(0, -1)) {
				const witness = read(line);
				if (witness) by.set(witness.about, (by.get(witness.about) ?? new Set()).add(witness.eventID));
			}
		}
		closeSync(descriptor);
		return by;
	};
}
