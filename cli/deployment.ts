/**
 * A deployed account as a place: its record is read with the caller's own credentials, and words go in through signed URLs, so
 * that who says them is what AWS verifies. Nothing is driven here; what is driven there is waited for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import * as z from 'zod';
import { dynamoCoverage, dynamoWitnesses } from '../adapters/dynamodb/audit.ts';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { tableGeneration } from '../adapters/dynamodb/generation.ts';
import { dynamoStore } from '../adapters/dynamodb/store.ts';
import { s3Client, s3Payloads } from '../adapters/s3/payloads.ts';
import { machineClient, machineExecutions } from '../adapters/stepfunctions/executions.ts';
import { closeAnswer, openAnswer } from '../client/answers.ts';
import { patienceOf } from '../client/patience.ts';
import { signedPost } from '../client/signed-post.ts';
import { deployedTerms } from '../core/audit/terms.ts';
import { epochMs } from '../core/ids.ts';
import { parseStored } from '../core/ledger/chain.ts';
import type { Store } from '../core/ledger/read.ts';
import type { Answer } from '../functions/decide/decide.ts';
import { executionName } from '../functions/resume/resume.ts';
import { sweep } from '../functions/sweep/sweep.ts';
import { type Desk, deskOver } from '../local/desk.ts';
import { systemRandomness } from '../local/randomness.ts';
import { askedOf } from './asked.ts';
import type { Scope } from './freezing.ts';
import { type Outputs, readOutputs } from './outputs.ts';
import type { Deployed, Place } from './place.ts';
import { reportOf } from './run-report.ts';
import { say } from './terminal.ts';

const ANSWER_MS = 60_000;
const POLL_MS = 1_000;
/** A recovery is a function and a pause of a minute at most. */
const RECOVERY_MS = 120_000;

const refused = z.object({ is: z.literal('refused'), why: z.string() });
const count = z.int().min(0);
const decided = z.discriminatedUnion('is', [z.object({ is: z.literal('recorded'), run: z.string(), step: count, place: count }), refused]);
const frozen = z.discriminatedUnion('is', [z.object({ is: z.literal('recorded') }), z.object({ is: z.literal('already') })]);

/** @throws Fault, LedgerUnavailable, NoAnswer */
export async function deploymentAt(path: string): Promise<Place> {
	const outputs = await readOutputs(path);
	const { region } = outputs;
	const client = dynamoClient({ region });
	const { LedgerTable: ledgerTable, KeysTable: keysTable, PayloadBucket: bucket } = outputs;
	const generation = await tableGeneration(client, ledgerTable);
	const { ledger, claims, keys, runs } = dynamoStore({ client, generation, ledgerTable, keysTable, tables: {} });
	const clock = { now: () => epochMs.parse(Date.now()) };
	const payloads = s3Payloads({ client: s3Client({ region }), bucket });
	const store: Store = { ledger, claims, keys, payloads, clock, randomness: systemRandomness };
	const desk = deskOver({ path, store, runs, agentFolder: () => undefined, close: () => client.destroy() });
	const post = posting(outputs);
	return {
		desk,
		deployed: {
			...deployed({ outputs, desk, post }),
			seen: () => {
				const { witnessesTable: table, delayMs } = outputs.audit();
				const terms = async () => deployedTerms({ regions: [region], delayMs, nowMs: clock.now() });
				return { witnesses: dynamoWitnesses(client, table), coverage: dynamoCoverage(client, table), terms };
			},
		},
		decide: async (run, answer) => {
			const pinned = await pinnedTo(run, answer, desk);
			if (!pinned) return { is: 'refused', why: `step ${answer.step} of run ${run} asks for no approval` };
			const said = decided.parse(await post(outputs.DecideUrl, { run, answer: pinned }));
			return said.is === 'recorded' ? { is: 'recorded', by: await writerOf(store, run, said.place) } : said;
		},
		close: async (run, reason) => closeAnswer.parse(await post(outputs.CloseUrl, { run, reason })),
		freeze: async (scope, event) => frozen.parse(await post(outputs.FreezeUrl, { ...event, ...about(scope) })),
	};
}

const about = (scope: Scope) =>
	scope.is === 'all' ? { everything: true } : scope.is === 'run' ? { run: scope.run } : { agent: scope.agent };

/** The URL takes no approval without what was shown: where nobody said, it is what is asked now. `undefined` when nothing is. */
async function pinnedTo(run: string, answer: Answer, desk: Desk): Promise<Answer | undefined> {
	if ((answer.is !== 'approve' && answer.is !== 'refuse') || answer.shown !== undefined) return answer;
	const asked = await askedOf(desk, { run, step: answer.step });
	return asked?.for === 'approval' ? { ...answer, shown: asked.digest } : undefined;
}

type Post = (url: string, body: unknown) => Promise<unknown>;

/** Words can be said again: each is recorded once, or refused because it was. */
function posting({ region }: Outputs): Post {
	const client = machineClient({ region });
	return (url, body) => {
		const patience = patienceOf({ timeoutMs: ANSWER_MS });
		return patience.until(new URL(url).host, () => signedPost({ client, url, body, signal: patience.signal }));
	};
}

/** Who AWS says has spoken. */
async function writerOf(store: Store, run: string, place: number): Promise<string> {
	const [stored] = await store.ledger.read(run, { from: place, limit: 1 });
	const parsed = stored && parseStored(stored);
	const entry = parsed && 'entry' in parsed ? parsed.entry : undefined;
	if (entry?.kind === 'outcome') return entry.who ?? 'unknown';
	return entry?.kind === 'approval' ? entry.by : 'unknown';
}

function deployed({ outputs, desk, post }: { outputs: Outputs; desk: Desk; post: Post }): Omit<Deployed, 'seen'> {
	const arns = { 'agent-run': outputs.AgentRunMachine, step: outputs.stepMachines, recover: outputs.RecoverMachine };
	const executions = machineExecutions({ client: machineClient({ region: outputs.region }), arns });
	return {
		open: async (agent, task) => openAnswer.parse(await post(outputs.openUrl(agent), task)),
		takeUp: async (run) => {
			const name = `${run}.person.${ulid()}`;
			await executions.start('recover', { name, input: { run, reason: 'person' } });
			const until = performance.now() + RECOVERY_MS;
			do await pause(POLL_MS);
			while (performance.now() < until && (await executions.isRunning('recover', name)));
		},
		sweep: async () => {
			const around = {
				store: desk.store,
				reader: desk.reader,
				runs: desk.runs,
				executions,
				over: new Set<string>(),
				remainingMs: () => ANSWER_MS,
			};
			const { recovered, unread } = await sweep({}, around);
			for (const { run, error } of unread) say(`run ${run} could not be looked at: ${error}`);
			return recovered;
		},
		rested: async (run, seconds) => {
			const until = performance.now() + seconds * 1000;
			for (;;) {
				const { status, epoch } = await desk.standingOf(run);
				if (status !== 'open' && status !== 'settling') return reportOf(run, desk);
				if (performance.now() >= until) {
					const drives = await executions.isRunning('agent-run', executionName(run, epoch));
					say(`run ${run} ${drives ? 'goes on in the account' : 'is to be taken up by the next sweep'}; look again with status`);
					return reportOf(run, desk);
				}
				await pause(Math.min(POLL_MS, Math.max(0, until - performance.now())));
			}
		},
	};
}
