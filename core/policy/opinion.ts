/**
 * What is to be said of one call before anything open is considered: its shape, the budget, the policies,
 * a person's word. Any error is a denial (I3).
 */
import type { Agent } from '../agent/agent.ts';
import type { Access, Tool } from '../agent/tool.ts';
import { KEY_CHARACTERS } from '../bounds.ts';
import type { EpochMs, Json } from '../ids.ts';
import type { RunState, StepState } from '../ledger/state.ts';
import type { Policies, PolicyAnswer, PolicyQuestion } from '../ports.ts';
import { sessionPolicy } from '../step/session-policy.ts';
import { question } from './question.ts';

/** Reasons that stand in clear in a decision. */
export type DenyReason =
	| 'schema'
	| 'tool-error'
	| 'budget'
	| 'attempts'
	| 'closed'
	| 'policy'
	| 'policy-error'
	| 'person'
	| 'claimed'
	| 'over-long';

export type Opinion =
	| { is: 'allow'; reason: 'policy' | 'approved' | 'log-only'; policies: readonly string[]; prepared: Prepared }
	/** A person's approval would allow it; `shown` is what they are to be shown. */
	| { is: 'ask'; policies: readonly string[]; shown: Json }
	| { is: 'deny'; reason: DenyReason; why: string; policies: readonly string[]; errors?: readonly string[] };

/** What the tool's declaration says of this input. */
export type Prepared = {
	readonly input: unknown;
	readonly resource: string;
	readonly key: string | undefined;
	readonly spend: number;
	/** The AWS permissions of an attempt. */
	readonly access: readonly Access[];
};

export type Judged = {
	readonly agent: Agent;
	readonly tool: Tool;
	readonly policies: Policies;
	readonly call: { readonly input: Json; readonly purpose: string };
	readonly now: EpochMs;
	/** Keyed digest of what a person would be shown. */
	readonly digestShown: (shown: Json) => string;
};

export function opinion(state: RunState, step: StepState, judged: Judged): Opinion {
	const prepared = prepare(judged.tool, judged.call.input, judged.now);
	if ('is' in prepared) return prepared;
	const short = shortOf(state, step, prepared.spend);
	if (short) return deny('budget', short);
	if (step.approval?.answer === 'refused') return deny('person', `refused by ${step.approval.by}`);
	return askPolicies(state, step, judged, prepared);
}

const deny = (reason: DenyReason, why: string, policies: readonly string[] = []): Extract<Opinion, { is: 'deny' }> => ({
	is: 'deny',
	reason,
	why,
	policies,
});

/** Parses the recorded input, and asks the tool's own functions about it; what they throw is a denial. */
function prepare(tool: Tool, input: Json, now: EpochMs): Prepared | Extract<Opinion, { is: 'deny' }> {
	const parsed = tool.input.safeParse(input);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		return deny('schema', `input${issue?.path.map((part) => `.${String(part)}`).join('') ?? ''}: ${issue?.message ?? 'malformed'}`);
	}
	try {
		const spend = tool.spend(parsed.data);
		const key = tool.key?.(parsed.data);
		const resource = tool.resource.id(parsed.data);
		if (!Number.isSafeInteger(spend) || spend < 0) return deny('tool-error', `spend is ${spend}; it must be a whole number from 0`);
		if (key !== undefined && (key.length === 0 || key.length > KEY_CHARACTERS)) {
			return deny('over-long', `the business key has ${key.length} characters; it takes 1 to ${KEY_CHARACTERS}`);
		}
		// Cutting a text at some length can leave such a half, and no ledger could hold it.
		if (key?.isWellFormed() === false || !resource.isWellFormed())
			return deny('tool-error', 'the business key or the resource holds half a surrogate pair');
		const access = tool.access(parsed.data);
		// Judged here, where open attempts are still considered; how long it is does not depend on the time it names.
		const policy = sessionPolicy(access, now);
		if ('why' in policy) return deny('over-long', policy.why);
		return { input: parsed.data, resource, key, spend, access };
	} catch (error) {
		return deny(
			'tool-error',
			`${tool.name} cannot tell what this call is about: ${error instanceof Error ? error.message : String(error)}`,
		);
	}
}

/** What the budget lacks for this step; the restart of a run resets none of it. */
function shortOf(state: RunState, step: StepState, spend: number): string | undefined {
	if (step.step > state.budget.steps) return `the budget of ${state.budget.steps} steps is used up`;
	const more = step.attempts.length === 0 ? spend : 0;
	if (!Number.isSafeInteger(state.spend + more))
		return `the run has spent ${state.spend}; with ${spend} more it could not be counted any more`;
	if (state.budget.spend === null || state.spend + more <= state.budget.spend) return undefined;
	return `the budget of ${state.budget.spend} has ${state.budget.spend - state.spend} left, the call takes ${spend}`;
}

function askPolicies(state: RunState, step: StepState, judged: Judged, prepared: Prepared): Opinion {
	const about = (approved: boolean) => question(state, step, { ...judged, prepared, approved });
	const plain = decideClosed(judged.policies, about(false));
	if (plain.verdict === 'allow') return { is: 'allow', reason: 'policy', policies: plain.policies, prepared };
	const asked = plain.errors.length > 0 ? plain : decideClosed(judged.policies, about(true));
	if (asked.verdict === 'allow') {
		const shown = shownTo(state, judged, prepared);
		if (isCovered(step, judged, shown)) return { is: 'allow', reason: 'approved', policies: asked.policies, prepared };
		if (judged.agent.mode === 'enforce') return { is: 'ask', policies: asked.policies, shown };
	}
	const policies = plain.policies;
	if (judged.agent.mode === 'log-only') return { is: 'allow', reason: 'log-only', policies, prepared };
	if (asked.errors.length > 0) return { ...deny('policy-error', 'a policy could not be evaluated', policies), errors: asked.errors };
	return deny('policy', policies.length > 0 ? `forbidden by ${policies.join(', ')}` : 'no policy permits it', policies);
}

/** I3, checked once more where it counts: an answer with errors is no allow. */
function decideClosed(policies: Policies, asked: PolicyQuestion): PolicyAnswer {
	const answer = policies.decide(asked);
	return answer.errors.length > 0 ? { ...answer, verdict: 'deny' } : answer;
}

/** An approval covers this very call with these very facts, for as long as it lasts. */
function isCovered(step: StepState, judged: Judged, shown: Json): boolean {
	const { approval } = step;
	return approval?.answer === 'approved' && approval.expiresAt > judged.now && approval.shown === judged.digestShown(shown);
}

/** What a person is shown: the call, and the values (not the ages) of the facts it is decided on. */
function shownTo(state: RunState, judged: Judged, prepared: Prepared): Json {
	const fact = state.facts.find((known) => known.type === judged.tool.resource.type && known.id === prepared.resource);
	return {
		agent: state.agent,
		run: state.run,
		tool: judged.tool.name,
		input: judged.call.input,
		purpose: judged.call.purpose,
		about: { type: judged.tool.resource.type, id: prepared.resource, facts: fact?.attributes ?? null },
	};
}
