/** One call as Cedar is asked about it. It rests on what the ledgers hold, so it can be asked again by a verifier. */
import type { Agent } from '../agent/agent.ts';
import type { Tool } from '../agent/tool.ts';
import type { EpochMs, Json } from '../ids.ts';
import type { RunState, StepState } from '../ledger/state.ts';
import type { PolicyEntity, PolicyQuestion } from '../ports.ts';
import type { Prepared } from './opinion.ts';
import { cedarInput } from './schema.ts';

export type About = {
	readonly agent: Agent;
	readonly tool: Tool;
	readonly now: EpochMs;
	readonly prepared: Prepared;
	readonly approved: boolean;
};

export function question(state: RunState, step: StepState, about: About): PolicyQuestion {
	return {
		principal: { type: 'Agent', id: about.agent.name },
		action: { type: 'Action', id: about.tool.name },
		resource: { type: about.tool.resource.type, id: about.prepared.resource },
		context: {
			input: cedarInput(about.tool, about.prepared.input),
			approved: about.approved,
			run: runContext(state, { now: about.now, attempt: step.attempts.length + 1 }),
		},
		entities: factEntity(state, { type: about.tool.resource.type, id: about.prepared.resource, now: about.now }),
	};
}

/** The run's counters, as policies see them. `spend` is what earlier calls took; ages in whole seconds. */
export function runContext(state: RunState, at: { now: EpochMs; attempt: number }): { [key: string]: Json } {
	return {
		steps: state.nextStep - 1,
		attempt: at.attempt,
		ageSeconds: wholeSeconds(at.now - state.openedAt),
		spend: state.spend,
		resumed: state.epoch,
	};
}

/** What is known of the resource, with its age. Nothing else is reachable for a policy, since facts hold no references. */
export function factEntity(state: RunState, of: { type: string; id: string; now: EpochMs }): PolicyEntity[] {
	const fact = state.facts.find((known) => known.type === of.type && known.id === of.id);
	if (!fact) return [];
	const attrs = { ...(fact.attributes as { [key: string]: Json }), ageSeconds: wholeSeconds(of.now - fact.at) };
	return [{ uid: { type: of.type, id: of.id }, attrs, parents: [] }];
}

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));
