/** What a planner is told: its memory, and how everything ended since that memory was saved. */
import * as z from 'zod';
import type { Agent, Happened, Situation } from '../../core/agent/agent.ts';
import type { Json } from '../../core/ids.ts';
import type { Content } from '../../core/ledger/content.ts';
import type { Entry, EntryOf } from '../../core/ledger/entry.ts';
import { entriesFrom, entryAt, openContent, readStep, readSteps, type Store, type View } from '../../core/ledger/read.ts';
import { type RunState, stepOf } from '../../core/ledger/state.ts';
import type { PlanSurroundings } from './plan.ts';

export async function situation(view: View, around: PlanSurroundings): Promise<Situation> {
	const { state } = view;
	const opened = await entryAt(around.store, view, 0);
	const task = opened.kind === 'opened' ? (await openContent(around.store, opened, view.key))?.task : undefined;
	return {
		run: state.run,
		task: (task ?? null) as Json,
		memory: await memoryOf(view, around.store),
		happened: await happenedSince(view, around),
		left: left(state),
		tools: describeTools(around.agent),
		settings: around.settings,
	};
}

export function left(state: RunState): Situation['left'] {
	return {
		steps: state.budget.steps - (state.nextStep - 1),
		turns: state.budget.turns - state.turns,
		spend: state.budget.spend === null ? null : state.budget.spend - state.spend,
	};
}

const described = new WeakMap<Agent, Situation['tools']>();
function describeTools(agent: Agent): Situation['tools'] {
	const known = described.get(agent);
	if (known) return known;
	const tools = [...agent.tools.values()].map((tool) => ({
		name: tool.name,
		description: tool.description,
		input: z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' }) as Json,
	}));
	described.set(agent, tools);
	return tools;
}

/** The memory that was saved last, as it was saved. */
export async function memoryOf(view: View, store: Store): Promise<Json | undefined> {
	const { memory } = view.state;
	if (!memory) return undefined;
	const entry = await entryAt(store, view, memory.place);
	const content = entry.kind === 'checkpoint' ? await openContent(store, entry, view.key) : undefined;
	return content?.memory as Json | undefined;
}

async function happenedSince(view: View, around: PlanSurroundings): Promise<Happened[]> {
	const entries = await entriesFrom(around.store, view, (view.state.memory?.knows ?? 0) + 1);
	const calls = new Map<number, Content<'intent'>['calls'][number]>();
	const happened: Happened[] = [];
	const endOf = ends(view, around.store);
	for (const entry of entries) {
		if (entry.kind === 'intent') {
			const content = await openContent(around.store, entry, view.key);
			for (const [index, { step }] of entry.calls.entries()) {
				const call = content?.calls[index];
				if (call) calls.set(step, call);
			}
			if (entry.rejected && content?.rejected) happened.push({ refusedPlan: content.rejected });
		}
		if (!mayEnd(entry)) continue;
		if (entry.kind === 'outcome' && (await endOf(entry.step)) !== entry.place) continue;
		const call = calls.get(entry.step) ?? (await callOf(view, around.store, entry.step));
		happened.push({
			step: entry.step,
			tool: call.tool,
			input: call.input as Json,
			purpose: call.purpose,
			...(await ending(entry, around.store, view.key)),
		});
	}
	return happened;
}

/** A denial ends its step; an outcome may. */
type Ending = EntryOf<'outcome'> | EntryOf<'decision'>;
const mayEnd = (entry: Entry): entry is Ending => entry.kind === 'outcome' || (entry.kind === 'decision' && entry.verdict === 'deny');

/** Tells the place of the entry that ended a step. Steps that checkpoints have dropped are read again, all at once. */
function ends(view: View, store: Store): (step: number) => Promise<number | undefined> {
	const { state } = view;
	let dropped: ReturnType<typeof readSteps> | undefined;
	return async (step) => {
		const kept = stepOf(state, step);
		if (kept) return kept.end?.place;
		dropped ??= readSteps(store, state.run, state.memory?.place ?? 0);
		const seen = (await dropped).steps.get(step) ?? (await readStep(store, state.run, { step, hint: 0 }));
		return seen?.state.end?.place;
	};
}

/** How the step ended that `entry` has ended, opened. */
export async function ending(
	entry: Ending,
	store: Store,
	key: Uint8Array | undefined,
): Promise<Pick<Extract<Happened, { step: number }>, 'ended' | 'by' | 'result' | 'reason'>> {
	if (entry.kind === 'decision') {
		const why = (await openContent(store, entry, key))?.why;
		return { ended: 'denied', by: 'guard', reason: why ?? entry.reason };
	}
	const content = await openContent(store, entry, key);
	if (entry.result === 'done') {
		const amiss = entry.malformed ? content?.reason : undefined;
		return { ended: 'done', by: entry.by, result: (content?.result ?? null) as Json, ...(amiss !== undefined && { reason: amiss }) };
	}
	return { ended: 'failed', by: entry.by, reason: content?.reason ?? entry.reason ?? 'failed' };
}

/** The call of a step whose intent lies before what was read. */
async function callOf(view: View, store: Store, step: number): Promise<{ tool: string; input: unknown; purpose: string }> {
	const known = view.state.steps[String(step)];
	const entry = known && (await entryAt(store, view, known.intentPlace));
	const content = entry?.kind === 'intent' ? await openContent(store, entry, view.key) : undefined;
	const index = entry?.kind === 'intent' ? entry.calls.findIndex((call) => call.step === step) : -1;
	return content?.calls[index] ?? { tool: known?.tool ?? 'unknown', input: null, purpose: '' };
}
