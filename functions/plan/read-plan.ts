/** A planner's answer, read as what it is: untrusted. */
import * as z from 'zod';
import type { Agent, ModelUse } from '../../core/agent/agent.ts';
import { CALLS_PER_INTENT, CONTENT_BYTES, INPUT_BYTES, PLAN_DEPTH } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import { json } from '../../core/json.ts';
import { canonical } from '../../core/ledger/chain.ts';

export type ReadCall = { tool: string; input: Json; purpose: string };
type Common = { reason?: string | undefined; model?: ModelUse | undefined };
export type ReadPlan =
	| ({ is: 'calls'; calls: ReadCall[]; memory: Json | undefined } & Common)
	| ({ is: 'finish'; answer: Json } & Common)
	| ({ is: 'memory'; memory: Json } & Common)
	/** Recorded as an intent without calls, and told to the planner. `code` stands in clear. */
	| ({ is: 'rejected'; code: string; why: string } & Common);

const tokens = z.int().min(0);
const model = z.object({
	name: z.string().max(120),
	inputTokens: tokens,
	outputTokens: tokens,
	prompt: z.string().optional(),
	answer: z.string().optional(),
});
const REASON_CHARACTERS = 4_000;
const common = { reason: z.string().max(REASON_CHARACTERS).optional(), model: model.optional() };
const proposal = z.union([
	z.object({ calls: z.array(z.unknown()).min(1), memory: json.optional(), ...common }),
	z.object({ finish: json, ...common }),
	z.object({ memory: json, ...common }),
]);
const call = z.object({ tool: z.string().max(200), input: json, purpose: z.string().max(2_000) });

export function parsePlan(proposed: unknown, agent: Agent): ReadPlan {
	const parsed = parseProposal(proposed);
	if ('why' in parsed) return rejected('malformed', parsed.why);
	const { plan } = parsed;
	const said = { reason: plan.reason, model: plan.model as ModelUse | undefined };
	const kept = 'finish' in plan ? plan.finish : plan.memory;
	const size = kept === undefined ? 0 : sizeBytes(kept);
	if (size > KEPT_BYTES) {
		const what = 'finish' in plan ? 'an answer' : 'a memory';
		return { ...rejected('oversized', `${what} of ${size} bytes; a plan takes ${KEPT_BYTES}`), ...said };
	}
	if ('finish' in plan) return { is: 'finish', answer: plan.finish, ...said };
	if (!('calls' in plan)) return { is: 'memory', memory: plan.memory, ...said };
	const calls = parseCalls(plan.calls, agent);
	if ('code' in calls) return { ...rejected(calls.code, calls.why), ...said };
	return { is: 'calls', calls: calls.calls, memory: plan.memory, ...said };
}

/** What a planner answers may be anything: too deep to walk through, or text that has no bytes. */
function parseProposal(proposed: unknown): { plan: z.infer<typeof proposal> } | { why: string } {
	if (isDeeper(proposed, PLAN_DEPTH)) return { why: `the plan is nested more than ${PLAN_DEPTH} levels deep` };
	const parsed = proposal.safeParse(proposed);
	// One of them would be dropped in silence.
	if (parsed.success && 'calls' in parsed.data && saysFinish(proposed))
		return { why: 'the plan has both calls and finish: a run finishes once they have ended' };
	if (!parsed.success) return { why: tooMuchReason(proposed) ?? 'the plan is neither calls, nor finish, nor memory' };
	// Calls are looked at one by one, so that the refusal can name which.
	const { calls: _calls, ...others } = { calls: [], ...parsed.data };
	return sizeBytes(others) === Number.POSITIVE_INFINITY ? { why: `the plan ${NO_BYTES}` } : { plan: parsed.data };
}

/** A null beside calls is a model's form with a field left empty. */
const saysFinish = (proposed: unknown): boolean => ((proposed as { finish?: unknown }).finish ?? null) !== null;

/** The likeliest reason why a plan of the right shape is none. */
function tooMuchReason(proposed: unknown): string | undefined {
	const said = z.object({ reason: z.string() }).safeParse(proposed);
	if (!said.success || said.data.reason.length <= REASON_CHARACTERS) return undefined;
	return `the reason has ${said.data.reason.length} characters; a plan takes ${REASON_CHARACTERS}`;
}

export const isDeeper = (value: unknown, levels: number): boolean =>
	typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

const NO_BYTES = 'holds half a surrogate pair, for which a ledger has no bytes';
/** All calls of an intent, an answer, or a memory: sealed, with what stands beside it, it must fit a ledger. */
const KEPT_BYTES = CONTENT_BYTES / 2;

const rejected = (code: string, why: string): Extract<ReadPlan, { is: 'rejected' }> => ({ is: 'rejected', code, why });

/** The calls as they will be recorded, or why none of them is. What a tool makes of its input is the guard's to judge. */
export function parseCalls(proposed: readonly unknown[], agent: Agent): { calls: ReadCall[] } | { code: string; why: string } {
	if (proposed.length > CALLS_PER_INTENT) {
		return {
			code: 'too-many-calls',
			why: `${proposed.length} calls in one plan; an intent takes ${CALLS_PER_INTENT}. Propose the rest afterwards`,
		};
	}
	const calls: ReadCall[] = [];
	for (const [index, item] of proposed.entries()) {
		if (isDeeper(item, PLAN_DEPTH)) return { code: 'malformed', why: `call ${index + 1} is nested more than ${PLAN_DEPTH} levels deep` };
		const parsed = call.safeParse(item);
		if (!parsed.success)
			return { code: 'malformed', why: `call ${index + 1}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}` };
		if (!agent.tools.has(parsed.data.tool)) {
			return {
				code: 'unknown-tool',
				why: `call ${index + 1}: there is no tool ${JSON.stringify(parsed.data.tool.slice(0, 60))}; there are ${[...agent.tools.keys()].join(', ')}`,
			};
		}
		const size = sizeBytes(parsed.data.input);
		if (size === Number.POSITIVE_INFINITY || !parsed.data.purpose.isWellFormed())
			return { code: 'malformed', why: `call ${index + 1} ${NO_BYTES}` };
		if (size > INPUT_BYTES) return { code: 'oversized', why: `call ${index + 1}: an input of ${size} bytes; a call takes ${INPUT_BYTES}` };
		calls.push({ tool: parsed.data.tool, input: parsed.data.input as Json, purpose: parsed.data.purpose });
	}
	const size = sizeBytes(calls);
	if (size > KEPT_BYTES)
		return { code: 'oversized', why: `calls of ${size} bytes in one plan; an intent takes ${KEPT_BYTES}. Propose the rest afterwards` };
	return { calls };
}

/** Bytes of the canonical form; beyond all bounds for what has none (lone surrogates). */
function sizeBytes(value: unknown): number {
	try {
		return Buffer.byteLength(canonical(value));
	} catch {
		return Number.POSITIVE_INFINITY;
	}
}
