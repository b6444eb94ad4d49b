/** The names and numbers that travel in clear, each with the one shape it may have. */
import { hash } from 'node:crypto';
import * as z from 'zod';

/** Milliseconds since 1970 by the writer's clock. Branded, so that it never meets seconds or a duration. */
export const epochMs = z.int().min(0).brand<'EpochMs'>();
export type EpochMs = z.infer<typeof epochMs>;

/** A run's own name: a ULID, or the caller's. It becomes a source identity and part of a session name in STS. */
export const runId = z.string().regex(/^[A-Za-z0-9_-]{2,40}$/, 'a run id is 2 to 40 of A-Z a-z 0-9 _ -');

/** An agent's name: part of function and role names. */
export const agentName = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'an agent name is 1 to 30 of a-z 0-9 -, a letter first');

/** A tool's name, dotted by the service it speaks to. */
export const toolName = z
	.string()
	.max(40)
	.regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/, 'a tool name is lower-case words joined by dots, 40 characters at most');

/** SHA-256 or HMAC-SHA-256, lower-case hex. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a digest is 64 hex digits');

/** Who did or said something, as the edge verified it: `local:alice`, `arn:aws:iam::…`, `function:resume`. */
export const caller = z
	.string()
	.min(1)
	.max(256)
	.regex(/^[\w+=,.@:/ -]+$/, 'a caller is printable');

/** The chain a freeze of one agent lives in. */
export const agentChain = (agent: string): string => `@agent:${agent}`;
/** The chain a freeze of everything lives in. */
export const everythingChain = '@all';
/** A ledger's name: a run's, or one of the control chains'. */
export const chainId = z.string().regex(/^([A-Za-z0-9_-]{2,40}|@all|@agent:[a-z][a-z0-9-]{0,29})$/, 'not a chain id');

/** What every tool says a crash means for it. */
export const effects = ['read', 'transaction', 'replay', 'lookup', 'manual'] as const;
export type Effect = (typeof effects)[number];

/** Any JSON value: what agents, tools and ledgers exchange. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Functions and roles have 64 characters in AWS, and a deployment puts up to 24 of its own before them. What is longer
 * ends in a digest of the whole name. `__` and a hex digit are in no other name, so no two names become one.
 */
export const DEPLOYED_NAME_CHARACTERS = 40;
const DIGEST_CHARACTERS = 10;

function deployable(name: string, ending = ''): string {
	if (name.length + ending.length <= DEPLOYED_NAME_CHARACTERS) return name + ending;
	const whole = hash('sha256', name).slice(0, DIGEST_CHARACTERS);
	return `${name.slice(0, DEPLOYED_NAME_CHARACTERS - ending.length - DIGEST_CHARACTERS - 2)}__${whole}${ending}`;
}

/** `_` is in no agent's and no tool's name, so no two tools share one. */
const ownName = (agent: string, tool: string): string => `${agent}_${tool.replaceAll('.', '_')}`;
export const toolFunction = (agent: string, tool: string): string => deployable(ownName(agent, tool));
export const guardFunction = (agent: string, tool: string): string => deployable(ownName(agent, tool), '__guard');
/** Lays an agent's runs beside what was seen of them. */
export const reconcileFunction = (agent: string): string => `${agent}-reconcile`;
export const planFunction = (agent: string): string => `${agent}-plan`;
/** Opens runs of one agent, for callers outside. */
export const openFunction = (agent: string): string => `${agent}-open`;
/** Takes in the calls of one agent that runs elsewhere. */
export const intakeFunction = (agent: string): string => `${agent}-intake`;
/** Tells where runs of one agent stand, and how their steps ended. */
export const statusFunction = (agent: string): string => `${agent}-status`;

/** What a tool's guard may become for a while: the tool's own rights, those of its lookups, and those of a commit. */
export const roleKinds = ['access', 'lookup', 'commit'] as const;
export type RoleKind = (typeof roleKinds)[number];
export const roleName = (agent: string, tool: string, kind: RoleKind): string => deployable(ownName(agent, tool), `-${kind}`);

/** What a session is tagged with. Roles demand every one of them; `head` pins the ledger in whoever records the issue. */
export const sessionTags = ['agent', 'run', 'step', 'attempt', 'head'] as const;
export type SessionTags = Readonly<Record<(typeof sessionTags)[number], string>>;

/** Takes runs of all agents up again. */
export const resumeFunction = 'resume';

/** What a state machine carries of a step: ids only. `hint` is a checkpoint before the step's intent. */
export type StepIds = { run: string; agent: string; epoch: number; step: number; tool: string; function: string; hint: number };

/** The three state machines, each a file in `statemachines/`. */
export const machineNames = ['agent-run', 'step', 'recover'] as const;
export type MachineName = (typeof machineNames)[number];

/** `refund-desk` as it stands in the names of a deployment's outputs: `RefundDesk`. */
export const pascal = (name: string): string => name.replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
