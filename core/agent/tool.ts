/** What a tool author writes. The types make every tool say what a crash means for it. */
import type * as z from 'zod';
import { type Effect, toolName } from '../ids.ts';
import type { Attribute, Credentials, Write } from '../ports.ts';

/** One statement of AWS permissions that one call needs. Resources are ARNs, narrowed by the input. */
export type Access = { readonly actions: readonly string[]; readonly resources: readonly string[] };
/** Something the tool has learned, for policies to rely on: a Cedar entity, whose age the guard adds. */
export type Fact = {
	readonly type: string;
	readonly id: string;
	readonly attributes: Readonly<Record<string, Exclude<Attribute, null> | readonly string[]>>;
};

/** What a tool runs with, and nothing else. */
export type ToolContext = {
	/** The same for every attempt at this step, and no other step's, ever. Send it along as the target's idempotency key or reference. */
	readonly idempotencyKey: string;
	readonly credentials: Credentials;
	readonly run: string;
	readonly step: number;
	readonly attempt: number;
	/** Aborts shortly before the runtime ends the process. */
	readonly signal: AbortSignal;
	/** Settings the agent declares by name, from the function's environment. */
	readonly settings: Readonly<Record<string, string>>;
};

/** What a lookup found: the effect with its result, surely nothing, or no answer yet. */
export type Found<Output> = { found: Output } | { absent: true } | { unknown: string };
export type LookupContext = Omit<ToolContext, 'attempt'> & { readonly attempts: readonly number[] };

/**
 * What ends a zombie: `credentials`, the target checks our session's expiry at every call, as AWS does;
 * `runtime`, only the hard timeout of the process.
 */
export type FencedBy = 'credentials' | 'runtime';

/** One event that CloudTrail, or a service's own trail, records when the effect happens. What is not said may be anything. */
export type Sight = {
	/** As events name it: `sqs.amazonaws.com`, `SendMessage`. */
	readonly source: string;
	readonly name: string;
	/** The ARN of what it is done to. */
	readonly resource?: string;
	/** Parts of the request, by path: `{ 'key.pk': 'order-7' }`. Those that witnesses keep are listed in `docs/spec/audit.md`. */
	readonly request?: Readonly<Record<string, string>>;
};
/** `nothing`: no trail that we are given ever shows this effect. It is then reported as unwitnessable, not as fine. */
export type WitnessedBy<Input> = 'nothing' | ((input: Input, call: { readonly idempotencyKey: string }) => readonly Sight[]);
type Seen<Input> = {
	/** What is seen of one effect; all of it, each once. Left out is the same as `nothing`, but that nobody has said so. */
	witnessedBy?: WitnessedBy<Input>;
};
/** Nothing to be seen but what is looked at anyway: the guard's commit, and calls within the grant. */
type Unseen = { witnessedBy?: never };

type Lookup<Input, Output> = {
	/** Asks the target, by the idempotency key, whether the effect happened. Runs under a read-only grant, when nothing can arrive any more. */
	lookup: (input: Input, context: LookupContext) => Promise<Found<Output>>;
	/** How long after an effect the target may still hide it from a lookup, in milliseconds; three days at most. */
	visibleWithinMs: number;
	/** The permissions a lookup needs; none by default. */
	lookupAccess?: (input: Input) => readonly Access[];
	/** The most that `lookupAccess` may ask for, as `grants` is for `access`. */
	lookupGrants?: readonly Access[];
};
type NoLookup = { lookup?: never; visibleWithinMs?: never; lookupAccess?: never; lookupGrants?: never };

type Runs<Input, Output> = {
	/** Does it. A thrown error leaves the attempt open, because the effect may have happened; throw `EffectFailed` when it is known that it did not. */
	run: (input: Input, context: ToolContext) => Promise<Output>;
};

/** What each effect class needs besides. */
type ByEffect<Input, Output> =
	/** Changes nothing outside: granted again at once. */
	| ({ effect: 'read'; keyHonouredForMs?: never; fencedBy?: never; tables?: never } & NoLookup & Unseen & Runs<Input, Output>)
	/** Its writes are committed with the outcome, in one transaction, by the guard. */
	| ({
			effect: 'transaction';
			keyHonouredForMs?: never;
			fencedBy?: never;
			/** The tables it may write to, by its own names for them. */
			tables: readonly string[];
			run: (input: Input, context: ToolContext) => Promise<{ output: Output; writes: readonly Write[] }>;
	  } & NoLookup &
			Unseen)
	/** The target honours the idempotency key, for so long. */
	| ({ effect: 'replay'; keyHonouredForMs: number; fencedBy: FencedBy; tables?: never } & Seen<Input> &
			Runs<Input, Output> &
			(Lookup<Input, Output> | NoLookup))
	/** The target knows no keys but can be asked. */
	| ({ effect: 'lookup'; keyHonouredForMs?: never; fencedBy: FencedBy; tables?: never } & Seen<Input> &
			Runs<Input, Output> &
			Lookup<Input, Output>)
	/** The target neither honours keys nor can be asked: a cut-off attempt is a person's to settle. */
	| ({ effect: 'manual'; keyHonouredForMs?: never; fencedBy: FencedBy; tables?: never } & Seen<Input> & NoLookup & Runs<Input, Output>);

type Common<I extends z.ZodObject, O extends z.ZodType> = {
	name: string;
	/** For planners and people. */
	description: string;
	input: I;
	output: O;
	/** The function's hard timeout, in whole seconds, 1 to 840: its process is killed then. It covers asking the guard and reporting; deployed, a cold guard's start comes on top. */
	timeoutSeconds: number;
	/** The business key: no two steps, of any run, act on one key, unless the earlier is known to have had no effect. Stored in clear; at most 200 characters. */
	key?: (input: z.infer<I>) => string;
	/** AWS permissions this one call needs; none by default. */
	access?: (input: z.infer<I>) => readonly Access[];
	/**
	 * The most that `access` may ask for, whatever the input: what the tool's role is deployed with. A resource may end in `*`
	 * after a part that says whose it is. A tool with `access` is not deployed without it.
	 */
	grants?: readonly Access[];
	/** The Cedar resource this call is about; its facts are looked up under this name. */
	resource: { type: string; id: (input: z.infer<I>) => string };
	/** What policies may rely on afterwards. */
	facts?: (output: z.infer<O>, input: z.infer<I>) => readonly Fact[];
	/** What this call takes from the run's `spend` budget, in the agent's unit. */
	spend?: (input: z.infer<I>) => number;
};

export type ToolSpec<I extends z.ZodObject, O extends z.ZodType> = Common<I, O> & ByEffect<z.infer<I>, z.infer<O>>;

/** A tool as the product handles it: its input and output are unknown until parsed. */
export type Tool = {
	readonly name: string;
	readonly description: string;
	readonly effect: Effect;
	readonly input: z.ZodObject;
	readonly output: z.ZodType;
	readonly timeoutSeconds: number;
	readonly fencedBy: FencedBy;
	readonly keyHonouredForMs: number;
	readonly visibleWithinMs: number;
	readonly tables: readonly string[];
	readonly key?: (input: unknown) => string;
	readonly access: (input: unknown) => readonly Access[];
	readonly lookupAccess: (input: unknown) => readonly Access[];
	/** What its roles are deployed with; `undefined` where it asks for access and does not say for how much at most. */
	readonly grants: readonly Access[] | undefined;
	readonly lookupGrants: readonly Access[] | undefined;
	readonly resource: { readonly type: string; readonly id: (input: unknown) => string };
	readonly facts: (output: unknown, input: unknown) => readonly Fact[];
	/** Whether outcomes of this tool can declare any. */
	readonly declaresFacts: boolean;
	readonly spend: (input: unknown) => number;
	readonly witnessedBy: 'undeclared' | WitnessedBy<unknown>;
	readonly run: (input: unknown, context: ToolContext) => Promise<unknown>;
	readonly lookup?: (input: unknown, context: LookupContext) => Promise<Found<unknown>>;
};

/** Thrown by a tool that knows its effect did not and will not happen. The message goes to the planner. */
export class EffectFailed extends Error {
	override name = 'EffectFailed';
}

/**
 * Declares a tool.
 *
 * @throws TypeError when the declaration contradicts itself; the message says where.
 * @see docs/guide.md#tools
 */
export function defineTool<I extends z.ZodObject, O extends z.ZodType>(spec: ToolSpec<I, O>): Tool {
	const name = toolName.safeParse(spec.name);
	if (!name.success) throw new TypeError(`tool ${JSON.stringify(spec.name)}: ${name.error.issues[0]?.message}`);
	demand(spec.name, 'timeoutSeconds', spec.timeoutSeconds, { least: 1, most: 840 });
	if (spec.effect === 'replay') demand(spec.name, 'keyHonouredForMs', spec.keyHonouredForMs, { least: 1, most: Number.MAX_SAFE_INTEGER });
	if (spec.lookup) demand(spec.name, 'visibleWithinMs', spec.visibleWithinMs, { least: 0, most: 3 * 24 * 3_600_000 });
	// The one place where a tool's own types end: `parse` stands between every caller and these functions.
	const erased = spec as unknown as Partial<Tool> & Pick<Tool, 'run' | 'input' | 'output' | 'resource'>;
	return {
		...erased,
		name: spec.name,
		description: spec.description,
		effect: spec.effect,
		timeoutSeconds: spec.timeoutSeconds,
		fencedBy: spec.fencedBy ?? 'runtime',
		keyHonouredForMs: spec.keyHonouredForMs ?? 0,
		visibleWithinMs: spec.visibleWithinMs ?? 0,
		tables: spec.tables ?? [],
		access: erased.access ?? (() => []),
		lookupAccess: erased.lookupAccess ?? (() => []),
		grants: spec.grants ?? (spec.access ? undefined : []),
		lookupGrants: spec.lookupGrants ?? (spec.lookupAccess ? undefined : []),
		facts: erased.facts ?? (() => []),
		declaresFacts: erased.facts !== undefined,
		spend: erased.spend ?? (() => 0),
		witnessedBy: erased.witnessedBy ?? 'undeclared',
	};
}

function demand(tool: string, field: string, value: number, { least, most }: { least: number; most: number }): void {
	if (Number.isInteger(value) && value >= least && value <= most) return;
	throw new TypeError(`tool ${tool}: ${field} is ${value}; it must be a whole number from ${least} to ${most}`);
}
