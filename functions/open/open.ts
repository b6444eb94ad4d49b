/** Opens a run: the task is recorded before anything is planned. Opening the same run again answers the run there is. */
import type { Agent } from '../../core/agent/agent.ts';
import { INPUT_BYTES } from '../../core/bounds.ts';
import { type Json, runId } from '../../core/ids.ts';
import { appendFirst } from '../../core/ledger/append.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { entryAt, LedgerBroken, openContent, RunKeyLost } from '../../core/ledger/read.ts';
import type { Surroundings } from '../surroundings.ts';

export type Open = { readonly run: string; readonly task: unknown; readonly by: string };
export type OpenAnswer =
	| { is: 'opened'; run: string }
	/** The id was used before; `same` tells whether for this agent and this very task. Null where nobody can tell: it is over, and its key was destroyed. */
	| { is: 'exists'; run: string; agent: string; same: boolean | null }
	| { is: 'refused'; why: string };

/** `code` is the digest of the agent's code and policies, for the evidence. */
export type OpenSurroundings = Surroundings & { readonly agent: Agent; readonly code: string };

/** @throws RunKeyLost, LedgerBroken of a run that was opened before: whether with this task can't be told */
export async function open(event: Open, around: OpenSurroundings): Promise<OpenAnswer> {
	const id = runId.safeParse(event.run);
	if (!id.success) return { is: 'refused', why: `run id ${JSON.stringify(event.run)}: ${id.error.issues[0]?.message}` };
	const task = parseTask(around.agent, event.task);
	if ('why' in task) return { is: 'refused', why: task.why };
	const existing = await existingRun(event, task.task, around);
	if (existing) return existing;
	const { agent } = around;
	const draft = {
		kind: 'opened',
		epoch: 0,
		agent: agent.name,
		driver: agent.planner ? 'planner' : 'outside',
		by: event.by,
		budget: agent.budget,
		code: around.code,
	} as const;
	const written = await appendFirst(around.store, event.run, draft, task.task);
	if (written.is === 'written') return { is: 'opened', run: event.run };
	return (await existingRun(event, task.task, around)) ?? { is: 'refused', why: `run ${event.run} can neither be opened nor read` };
}

/** What `open` would refuse of a task, without opening anything. */
export function parseTask(agent: Agent, task: unknown): { task: Json } | { why: string } {
	let text: string;
	try {
		text = canonical(task);
	} catch (error) {
		return { why: `the task is ${error instanceof Error ? error.message : 'malformed'}` };
	}
	const size = Buffer.byteLength(text);
	if (size > INPUT_BYTES) return { why: `the task has ${size} bytes; a run takes ${INPUT_BYTES}. Store the rest and pass a reference` };
	const parsed = agent.task.safeParse(task);
	if (parsed.success) return { task: JSON.parse(text) };
	const issue = parsed.error.issues[0];
	return { why: `the task is not one for ${agent.name}: ${issue?.path.join('.') || 'it'}: ${issue?.message}` };
}

async function existingRun(event: Open, task: Json, around: OpenSurroundings): Promise<OpenAnswer | undefined> {
	const [first] = await around.store.ledger.read(event.run, { from: 0, limit: 1 });
	if (!first) return undefined;
	const view = await around.reader.read(event.run, { hint: 0 });
	const { agent, closed } = view.state;
	if (agent !== around.agent.name) return { is: 'exists', run: event.run, agent, same: false };
	if (!view.key && closed) return { is: 'exists', run: event.run, agent, same: null };
	if (!view.key) throw new RunKeyLost(event.run);
	const opened = await entryAt(around.store, view, 0);
	const content = opened.kind === 'opened' ? await openContent(around.store, opened, view.key) : undefined;
	if (!content) throw new LedgerBroken(`the task of run ${event.run} can't be read: its payload is gone, or is not what was sealed`);
	return { is: 'exists', run: event.run, agent, same: canonical(content.task) === canonical(task) };
}
