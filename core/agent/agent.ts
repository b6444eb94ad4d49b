/** What an agent author writes: a planner or none, tools, policies, a budget. */
import type * as z from 'zod';
import { agentName, type Json } from '../ids.ts';
import { json } from '../json.ts';
import type { Budget } from '../ledger/entry.ts';
import type { Tool } from './tool.ts';

/** A call as a planner proposes it. Untrusted. */
export type Call = { readonly tool: string; readonly input: unknown; readonly purpose: string };

/** How one step ended, or that a whole plan was refused. */
export type Happened =
	| {
			readonly step: number;
			readonly tool: string;
			readonly input: Json;
			readonly purpose: string;
			readonly ended: 'done' | 'failed' | 'denied';
			/** Who says so. */
			readonly by: 'tool' | 'target' | 'person' | 'guard';
			/** The tool's result, where it is done. */
			readonly result?: Json;
			/** Why it is not, or what is wrong with the result. */
			readonly reason?: string;
	  }
	| { readonly refusedPlan: string };

/** What a planner is given: the task, its own memory, and what happened since it last saved that. */
export type Situation = {
	readonly run: string;
	readonly task: Json;
	readonly memory: Json | undefined;
	readonly happened: readonly Happened[];
	/** What is left of the budget. */
	readonly left: { readonly steps: number; readonly turns: number; readonly spend: number | null };
	readonly tools: readonly { readonly name: string; readonly description: string; readonly input: Json }[];
	readonly settings: Readonly<Record<string, string>>;
};

/** The model call that led to a plan, for the evidence. Prompt and answer are recorded as digests only. */
export type ModelUse = {
	readonly name: string;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly prompt?: string;
	readonly answer?: string;
};

/**
 * What a planner answers: calls to make, a finish, or only new memory (it is then asked again).
 * `memory` may come along with calls; it is read together with everything that happens after these calls were proposed.
 */
export type Plan =
	| { readonly calls: readonly Call[]; readonly memory?: Json; readonly reason?: string; readonly model?: ModelUse }
	| { readonly finish: Json; readonly reason?: string; readonly model?: ModelUse }
	| { readonly memory: Json; readonly model?: ModelUse };

export type Planner = (situation: Situation) => Promise<Plan> | Plan;

/** A Cedar entity type's attributes, as a tool's facts fill them in. */
export type EntityAttributes = Readonly<Record<string, 'String' | 'Long' | 'Bool' | 'Set'>>;

export type AgentSpec = {
	name: string;
	/** None for an agent that is driven from outside. */
	planner?: Planner;
	tools: readonly Tool[];
	/** Cedar resource types and the attributes that facts give them. Every tool's resource type stands here. */
	entities?: Readonly<Record<string, EntityAttributes>>;
	/** Cedar texts by policy name. Without any, everything is denied. */
	policies: Readonly<Record<string, string>>;
	budget?: { steps?: number; turns?: number; spend?: number };
	/** `enforce`, or `log-only`: what would have been denied is recorded and allowed. */
	mode?: 'enforce' | 'log-only';
	/** Names of environment settings that planner and tools get. Never secrets. */
	settings?: readonly string[];
	/** How long the planner may take, in seconds. */
	plannerTimeoutSeconds?: number;
	/** The shape of a task; anything else is refused before a run is opened. */
	task?: z.ZodType;
};

export type Agent = {
	readonly name: string;
	readonly planner: Planner | undefined;
	readonly tools: ReadonlyMap<string, Tool>;
	readonly entities: Readonly<Record<string, EntityAttributes>>;
	readonly policies: Readonly<Record<string, string>>;
	readonly budget: Budget;
	readonly mode: 'enforce' | 'log-only';
	readonly settings: readonly string[];
	readonly plannerTimeoutSeconds: number;
	readonly task: z.ZodType;
};

/**
 * Declares an agent. Default export of `agents/<name>/agent.ts`.
 *
 * @throws TypeError when the declaration contradicts itself; the message says where.
 * @see docs/guide.md#agents
 */
export function defineAgent(spec: AgentSpec): Agent {
	const name = agentName.safeParse(spec.name);
	if (!name.success) throw new TypeError(`agent ${JSON.stringify(spec.name)}: ${name.error.issues[0]?.message}`);
	const tools = new Map(spec.tools.map((tool) => [tool.name, tool]));
	if (tools.size !== spec.tools.length) throw new TypeError(`agent ${spec.name}: two of its tools share a name`);
	const entities = spec.entities ?? {};
	for (const tool of spec.tools) {
		if (entities[tool.resource.type]) continue;
		throw new TypeError(
			`agent ${spec.name}: tool ${tool.name} is about a ${tool.resource.type}; name ${tool.resource.type} in entities, with the attributes that facts give it`,
		);
	}
	return {
		name: spec.name,
		planner: spec.planner,
		tools,
		entities,
		policies: spec.policies,
		budget: { steps: spec.budget?.steps ?? 100, turns: spec.budget?.turns ?? 100, spend: spec.budget?.spend ?? null },
		mode: spec.mode ?? 'enforce',
		settings: spec.settings ?? [],
		plannerTimeoutSeconds: spec.plannerTimeoutSeconds ?? 60,
		task: spec.task ?? json,
	};
}
