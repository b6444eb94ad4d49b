/**
 * Calls of an agent that runs elsewhere, under step numbers of its own. The same calls under the same numbers again are
 * the same steps; another call under a number that is taken is `diverged`.
 */
import type { Agent } from '../../core/agent/agent.ts';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { RunKeyLost, readStep, type View } from '../../core/ledger/read.ts';
import { stepOf } from '../../core/ledger/state.ts';
import { callDigest } from '../plan/plan.ts';
import { parseCalls, type ReadCall } from '../plan/read-plan.ts';
import type { Surroundings } from '../surroundings.ts';

export type IntakeEvent = { readonly run: string; readonly first: number; readonly calls: readonly unknown[] };
export type IntakeAnswer =
	| { is: 'recorded' | 'known'; run: string; agent: string; epoch: number; hint: number; steps: { step: number; tool: string }[] }
	| { is: 'diverged'; step: number }
	| { is: 'refused'; why: string };

export function intake(event: IntakeEvent, around: Surroundings & { agent: Agent }): Promise<IntakeAnswer> {
	return decideUntilPlaced(around.reader, event, async (view): Promise<Round<IntakeAnswer>> => {
		const { state, key } = view;
		if (!key) throw new RunKeyLost(event.run);
		if (state.driver !== 'outside') return refused(`run ${event.run} has a planner of its own`);
		if (event.calls.length === 0) return refused('no calls');
		const parsed = parseCalls(event.calls, around.agent);
		if ('why' in parsed) return refused(parsed.why);
		const steps = parsed.calls.map((call, index) => ({ step: event.first + index, tool: call.tool }));
		if (event.first < state.nextStep) return known(event, view, { calls: parsed.calls, steps }, around);
		if (event.first > state.nextStep) return refused(`step ${event.first} where ${state.nextStep} is next`);
		if (state.closed) return refused(`run ${event.run} is closed`);
		const numbered = parsed.calls.map((call, index) => ({ step: event.first + index, tool: call.tool, call: callDigest(key, call) }));
		const draft = { kind: 'intent', epoch: state.epoch, readTo: state.head.place, calls: numbered } as const;
		const written = await append(around, view, draft, { content: { calls: parsed.calls } });
		return written.is === 'written' ? recorded('recorded', view, steps) : 'again';
	});
}

const refused = (why: string): { answer: IntakeAnswer } => ({ answer: { is: 'refused', why } });

async function known(
	event: IntakeEvent,
	view: View,
	proposed: { calls: ReadCall[]; steps: { step: number; tool: string }[] },
	around: Surroundings,
): Promise<Round<IntakeAnswer>> {
	const { state, key } = view;
	for (const [index, call] of proposed.calls.entries()) {
		const step = event.first + index;
		const there = stepOf(state, step) ?? (await readStep(around.store, event.run, { step, hint: 0 }))?.state;
		if (!key || there?.call !== callDigest(key, call)) return { answer: { is: 'diverged', step } };
	}
	return recorded('known', view, proposed.steps);
}

async function recorded(is: 'recorded' | 'known', view: View, steps: { step: number; tool: string }[]): Promise<Round<IntakeAnswer>> {
	const { state } = view;
	return { answer: { is, run: state.run, agent: state.agent, epoch: state.epoch, hint: state.checkpointPlace, steps } };
}
