/** Constructs for a stack of one's own: `throughline/infra`. @see docs/deploy.md#a-stack-of-your-own */
export { ThroughlineAgent, type ThroughlineAgentProps } from './constructs/agent.ts';
export { AuditTrail, type AuditTrailProps } from './constructs/audit-trail.ts';
export { type RuntimeProps, ThroughlineRuntime } from './constructs/runtime.ts';
export { ApplicationTable, type ApplicationTableProps, type StoreProps, ThroughlineStore } from './constructs/store.ts';
export { ToolUnbounded } from './constructs/tool-bounds.ts';
