/** The public API: what an agent author imports from `throughline`. */
export type {
	Agent,
	AgentSpec,
	Call,
	EntityAttributes,
	Happened,
	ModelUse,
	Plan,
	Planner,
	Situation,
} from './core/agent/agent.ts';
export { defineAgent } from './core/agent/agent.ts';
export type { Access, Fact, FencedBy, Found, LookupContext, Sight, Tool, ToolContext, ToolSpec, WitnessedBy } from './core/agent/tool.ts';
export { defineTool, EffectFailed } from './core/agent/tool.ts';
export type { Json } from './core/ids.ts';
export type { Attribute, Credentials, Write } from './core/ports.ts';
