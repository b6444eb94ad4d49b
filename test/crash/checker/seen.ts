/**
 * Everything that can be seen of a world when it is over, in plain data: what was asked of it, what its sinks journalled by
 * themselves, what is stored, and what every function and every person was told. The checker believes none of it by itself.
 *
 * A world sets `outside.standsAt` to the length of a run's stored chain, so that sinks know what was durable when a call came.
 */
import type { MemoryState } from '../../../adapters/memory/store.ts';
import type { Effect as EffectClass, Json } from '../../../core/ids.ts';
import type { HandedOut, Invocation } from '../../doubles/functions.ts';
import type { FakeIssuer } from '../../doubles/issuer.ts';
import type { Journal } from '../../doubles/outside.ts';

/** What somebody was told of what they asked. `unknown`: nothing, or that it is not known. */
export type Told = 'ok' | 'fail' | 'unknown';

export type ToolSeen = {
	readonly name: string;
	readonly effect: EffectClass;
	/** Where its calls arrive. What a `transaction` tool's sink sees is no effect: its effect is the items. */
	readonly sink: string;
	/** Its reports are made up on purpose: only what others conclude about it is held against anybody. */
	readonly lies?: true;
};

/** One call that the task asks for. */
export type Wanted = {
	readonly tool: string;
	readonly input: Json;
	/** What it is about as the business sees it: of all steps of all runs, one may do it. */
	readonly key?: string;
	readonly spend?: number;
	/** What the commit of a `transaction` call adds to an item. */
	readonly adds?: { readonly table: string; readonly key: string; readonly attribute: string; readonly amount: number };
	/** Nothing but crashes stands in its way: no person, policy, freeze, budget or claim. */
	readonly sure?: true;
};

export type RunSeen = {
	readonly run: string;
	readonly task: Json;
	/** What whoever opened it was told. */
	readonly told: Told;
	readonly wanted: readonly Wanted[];
};

/** What a person, or whoever operates the place, did. */
export type Act = {
	readonly is: 'approve' | 'refuse' | 'done' | 'failed' | 'freeze' | 'thaw' | 'stop';
	/** The run's chain, or a control chain. */
	readonly chain: string;
	readonly step?: number;
	readonly told: Told;
	/** Said what the sink showed at that moment; false for a guess, or a lie. */
	readonly looked?: boolean;
	/** What an approval was given for, as it was shown. */
	readonly shown?: Json;
	/** How long every chain was when they began, and when they were told. */
	readonly from: Readonly<Record<string, number>>;
	readonly stood: Readonly<Record<string, number>>;
};

export type Seen = {
	readonly agent: { readonly name: string; readonly tools: readonly ToolSeen[]; readonly budget: { readonly spend: number | null } };
	readonly runs: readonly RunSeen[];
	readonly acts: readonly Act[];
	readonly state: MemoryState;
	readonly journal: Journal;
	readonly sessions: FakeIssuer['issued'];
	readonly handedOut: readonly HandedOut[];
	/** What functions were given and answered, and which entries they tried to append. A world that keeps none of it says `[]`. */
	readonly invocations: readonly Invocation[];
	readonly logged: readonly { readonly name: string; readonly message: string }[];
	/** Pieces of inputs and results that may stand nowhere but sealed. */
	readonly sealed: readonly string[];
	/** Nobody had anything left to do: every run was swept and every question answered, or left alone on purpose. */
	readonly rested: boolean;
};
