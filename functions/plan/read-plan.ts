/** A planner's answer, read as what it is: untrusted. */
import * as z from 'zod';
import type { Agent, ModelUse } from '../../core/agent/agent.ts';
import { CALLS_PER_INTENT, INPUT_BYTES } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
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
const common = { reason: z.string().max(4_000).optional(), model: model.optional() };
const proposal = z.union([
	z.object({ calls: z.array(z.unknown()).min(1), memory: z.json().optional(), ...common }),
	z.object({ finish: z.json(), ...common }),
	z.object({ memory: z.json(), ...common }),
]);
const call = z.object({ tool: z.string().max(200), input: z.json(), purpose: z.string().max(2_000) });

export function parsePlan(proposed: unknown, agent: Agent): ReadPlan {
	const parsed = proposal.safeParse(proposed);
	if (!parsed.success) return rejected('malformed', 'the plan is neither calls, nor finish, nor memory');
	const said = { reason: parsed.data.reason, model: parsed.data.model as ModelUse | undefined };
	if ('finish' in parsed.data) return { is: 'finish', answer: parsed.data.finish, ...said };
	if (!('calls' in parsed.data)) return { is: 'memory', memory: parsed.data.memory, ...said };
	const calls = parseCalls(parsed.data.calls, agent);
	if ('code' in calls) return { ...rejected(calls.code, calls.why), ...said };
	return { is: 'calls', calls: calls.calls, memory: parsed.data.memory, ...said };
}

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
		const parsed = call.safeParse(item);
		if (!parsed.success)
			return { code: 'malformed', why: `call ${index + 1}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}` };
		if (!agent.tools.has(parsed.data.tool)) {
			return {
				code: 'unknown-tool',
				why: `call ${index + 1}: there is no tool ${JSON.stringify(parsed.data.tool.slice(0, 60))}; there are ${[...agent.tools.keys()].join(', ')}`,
			};
		}
		const size = inputSize(parsed.data.input);
		if (size > INPUT_BYTES) return { code: 'oversized', why: `call ${index + 1}: an input of ${size} bytes; a call takes ${INPUT_BYTES}` };
		calls.push({ tool: parsed.data.tool, input: parsed.data.input as Json, purpose: parsed.data.purpose });
	}
	return { calls };
}

/** Bytes of the canonical form; beyond all bounds for what has none (lone surrogates). */
function inputSize(input: unknown): number {
	try {
		return Buffer.byteLength(canonical(input));
	} catch {
		return Number.POSITIVE_INFINITY;
	}
}
