/**
 * The memory of an agent that runs elsewhere, saved into its run as a planner's is. It gets it back when it has been
 * restarted; a crash before the checkpoint leaves the memory before, after it the new one.
 */
import { MEMORY_BYTES, PLAN_DEPTH } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import { decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { RunKeyLost } from '../../core/ledger/read.ts';
import { remember } from '../plan/plan.ts';
import { isDeeper } from '../plan/read-plan.ts';
import { memoryOf } from '../plan/situation.ts';
import { type IntakeSurroundings, turnsUsedUp, whyNotTaken } from './intake.ts';

/** `over` is the place of the memory that this one follows, 0 for none: it tells a process that was left behind. */
export type CheckpointEvent = { readonly run: string; readonly memory: unknown; readonly over?: number | undefined };
export type CheckpointAnswer =
	/** `known`: this memory is the one that stands. */
	| { is: 'kept' | 'known'; run: string; place: number }
	/** Another process has saved a memory since; `place` is where. */
	| { is: 'overtaken'; run: string; place: number }
	| { is: 'refused'; why: string };

export function checkpoint(event: CheckpointEvent, around: IntakeSurroundings): Promise<CheckpointAnswer> {
	const { run } = event;
	return decideUntilPlaced(around.reader, { run }, async (view): Promise<Round<CheckpointAnswer>> => {
		const { state } = view;
		const foreign = whyNotTaken(state, around.agent) ?? whyNoMemory(event.memory);
		if (foreign) return refused(foreign);
		if (!view.key) throw new RunKeyLost(run);
		const memory = event.memory as Json;
		const stands = state.memory?.place ?? 0;
		if (stands > 0 && canonical(await memoryOf(view, around.store)) === canonical(memory)) return place('known', stands);
		if (event.over !== undefined && event.over !== stands) return place('overtaken', stands);
		if (state.closed) return refused(`run ${run} is closed`);
		if (turnsUsedUp(state)) return refused(`the budget of run ${run} is used up`);
		const written = await remember(around, view, memory, state.head.place);
		return written.is === 'written' ? place('kept', written.entry.place) : 'again';
	});

	function place(is: 'kept' | 'known' | 'overtaken', at: number): { answer: CheckpointAnswer } {
		return { answer: { is, run, place: at } };
	}
}

const refused = (why: string): { answer: CheckpointAnswer } => ({ answer: { is: 'refused', why } });

/** Why no checkpoint could hold it. */
function whyNoMemory(memory: unknown): string | undefined {
	if (isDeeper(memory, PLAN_DEPTH)) return `the memory is nested more than ${PLAN_DEPTH} levels deep`;
	let size: number;
	try {
		size = Buffer.byteLength(canonical(memory));
	} catch {
		return 'the memory is no JSON, or holds half a surrogate pair';
	}
	return size > MEMORY_BYTES
		? `the memory has ${size} bytes; a checkpoint takes ${MEMORY_BYTES}. Store the rest and keep a reference`
		: undefined;
}
