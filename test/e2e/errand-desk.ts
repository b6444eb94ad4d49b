/** A second agent, in a folder outside this repository, and the shop it works on, which keeps a journal. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

/** Its task is the plan itself: one round of calls after another. */
const agentFile = `
import { defineAgent, defineTool, EffectFailed } from 'throughline';
import * as z from 'zod';

async function ask(path, input, { settings, signal, idempotencyKey }) {
	const answer = await fetch(new URL(path, settings.SHOP_URL), {
		method: 'POST',
		headers: { 'idempotency-key': idempotencyKey },
		body: JSON.stringify(input),
		signal,
	});
	if (answer.status === 422) throw new EffectFailed(await answer.text());
	return answer.json();
}
const output = z.object({ number: z.number(), said: z.string().optional() });
const holdMs = z.number().optional();
const look = defineTool({
	name: 'shelf.look', description: 'Looks at a shelf.', effect: 'read', timeoutSeconds: 60, output,
	input: z.strictObject({ shelf: z.string(), holdMs }),
	resource: { type: 'Shelf', id: (input) => input.shelf },
	run: (input, context) => ask('looked', input, context),
});
const post = defineTool({
	name: 'letter.post', description: 'Posts a letter.', effect: 'manual', timeoutSeconds: LETTER_SECONDS, fencedBy: 'runtime', output,
	input: z.strictObject({ to: z.string(), holdMs }),
	resource: { type: 'Person', id: (input) => input.to },
	run: (input, context) => ask('posted', input, context),
});
const charge = defineTool({
	name: 'till.charge', description: 'Charges an account.', effect: 'replay', keyHonouredForMs: 3_600_000, timeoutSeconds: 60, fencedBy: 'runtime', output,
	input: z.strictObject({ account: z.string(), amountCents: z.int(), holdMs }),
	resource: { type: 'Account', id: (input) => input.account },
	run: (input, context) => ask('charged', input, context),
});
const call = z.object({ tool: z.string(), input: z.json(), purpose: z.string().default('as the task says') });

export default defineAgent({
	name: 'errand-desk',
	tools: [look, post, charge],
	entities: { Shelf: {}, Person: {}, Account: {} },
	settings: ['SHOP_URL'],
	budget: { steps: 6, turns: 20 },
	plannerTimeoutSeconds: 60,
	task: z.object({ id: z.string().optional(), rounds: z.array(z.array(call)) }),
	planner: ({ task, memory, happened }) => {
		const { round, ends } = memory ?? { round: 0, ends: [] };
		const known = [...ends, ...happened.toSorted((one, other) => one.step - other.step).map((one) => ('tool' in one ? one.tool + ' ' + one.ended : one.refusedPlan))];
		const calls = task.rounds[round];
		if (!calls) return { finish: known };
		return { calls: calls.map((one) => call.parse(one)), memory: { round: round + 1, ends: known } };
	},
	policies: {
		'look-anywhere': 'permit (principal, action == Action::"shelf.look", resource);',
		'post-to-all-but-eve': 'permit (principal, action == Action::"letter.post", resource) unless { context.input.to == "eve" };',
		'charge-a-little': 'permit (principal, action == Action::"till.charge", resource) when { context.input.amountCents <= 5000 };',
		'charge-more-with-approval': 'permit (principal, action == Action::"till.charge", resource) when { context.approved };',
	},
});
`;

export type Call = { tool: string; input: Readonly<Record<string, string | number>>; purpose?: string };
export const look = (shelf: string): Call => ({ tool: 'shelf.look', input: { shelf } });
/** In place of milliseconds: until the test lets go. */
export const HELD = -1;
export const post = (to: string, holdMs = 0): Call => ({ tool: 'letter.post', input: { to, holdMs } });
export const charge = (account: string, amountCents: number, holdMs = 0): Call => ({
	tool: 'till.charge',
	input: { account, amountCents, holdMs },
});
export const task = (...rounds: Call[][]): string => JSON.stringify({ rounds });

/** What the shop did, in order. `key` is the idempotency key it was asked under. */
export type Line = { readonly did: 'looked' | 'posted' | 'charged' | 'replayed'; readonly about: string; readonly key: string };
export type Errands = {
	/** The agent's folder, and a state directory for its runs. */
	readonly agent: string;
	readonly directory: string;
	readonly environment: { readonly SHOP_URL: string };
	readonly journal: readonly Line[];
	/** Resolves when the shop has done so much. */
	until(did: Line['did'], about: string): Promise<void>;
	/** The shop answers all that it holds. */
	letGo(): void;
	/** Writes a file beside the agent's folder and answers its path. */
	file(name: string, content: string | Buffer): string;
};

/**
 * Everything anew, and gone after the test. No tool is cut off by its own time, however slow the machine is; a letter that the test
 * itself cuts off is waited out for `letterSeconds`, so there they are few.
 */
export async function errands({ letterSeconds = 60 } = {}): Promise<Errands> {
	const root = mkdtempSync(join(tmpdir(), 'errands-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
	const agent = join(root, 'errand-desk');
	mkdirSync(agent);
	writeFileSync(join(agent, 'agent.ts'), agentFile.replace('LETTER_SECONDS', String(letterSeconds)));
	const journal: Line[] = [];
	const held = Promise.withResolvers<void>();
	onTestFinished(() => held.resolve());
	const url = await shop(journal, held.promise);
	const file: Errands['file'] = (name, content) => {
		writeFileSync(join(root, name), content);
		return join(root, name);
	};
	const until: Errands['until'] = async (did, about) => {
		while (!journal.some((line) => line.did === did && line.about === about)) await new Promise((next) => setTimeout(next, 5));
	};
	return { agent, directory: join(root, 'state'), environment: { SHOP_URL: url }, journal, until, letGo: held.resolve, file };
}

const asking = z.object({ to: z.string(), shelf: z.string(), account: z.string(), holdMs: z.number() }).partial();

/** Journals first and answers after `holdMs`, or when it is let go. The till knows its keys; the post office does not. */
async function shop(journal: Line[], letGo: Promise<void>): Promise<string> {
	const server = createServer(async (request, response) => {
		const key = String(request.headers['idempotency-key']);
		const body = asking.parse(JSON.parse(await textOf(request)));
		const asksFor = z.enum(['looked', 'posted', 'charged']).parse(request.url?.slice(1));
		const again = asksFor === 'charged' && journal.some((line) => line.did === 'charged' && line.key === key);
		const about = body.to ?? body.shelf ?? body.account ?? '';
		if (about === 'nobody') {
			response.writeHead(422).end('nobody lives there');
			return;
		}
		journal.push({ did: again ? 'replayed' : asksFor, about, key });
		if (body.holdMs === HELD) await letGo;
		else await new Promise((next) => setTimeout(next, again ? 0 : (body.holdMs ?? 0)));
		response.end(JSON.stringify({ number: journal.length }));
	});
	await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of request) text += chunk;
	return text;
}
