/** What is explored: an agent in its world, what operators do there and when, and how people answer. */
import type { Agent } from '../../../core/agent/agent.ts';
import type { Json, MachineName } from '../../../core/ids.ts';
import type { Policies } from '../../../core/ports.ts';
import type { Act, RunSeen } from '../checker/seen.ts';
import type { Installation } from './installation.ts';
import type { Targets } from './sinks.ts';
import type { Owed, World } from './world.ts';

/** Something an operator does once. Whoever gets no answer does it again. */
export type Operation = {
	readonly name: string;
	readonly run: string;
	/** A function that is asked, or an execution that is started: under a name that its own process chose, so it may ask again. */
	readonly asks:
		| { readonly function: string; readonly event: Json }
		| { readonly machine: MachineName; readonly name: string; readonly input: Json };
	/** What this is of what people do that counts, where it is. */
	readonly act?: { readonly is: Act['is']; readonly chain: string };
	/** `any`: at any moment, in turn with whatever else goes on. `quiet`: when nothing else is left to do. */
	readonly when: 'any' | 'quiet';
	readonly enabled?: (world: World) => boolean;
	/** What is started on its answer. */
	readonly starts?: Owed['reason'];
};

export type Asked = { readonly run: string; readonly step: number; readonly for: 'approval' | 'doubt' };

export type Scenario = {
	readonly name: string;
	readonly agent: Agent;
	readonly policies: Policies;
	readonly targets: Targets;
	readonly installation: Installation;
	readonly runs: readonly string[];
	/** By tool. */
	readonly sinks: Readonly<Record<string, string>>;
	/** What each run asks for, as the checker takes it. */
	readonly wanted: readonly Omit<RunSeen, 'told'>[];
	readonly begin: () => Promise<World>;
	readonly operations?: readonly Operation[];
	/** `look`: says what the sinks show. Nobody answers what this does not. */
	readonly answers?: (asked: Asked) => 'approve' | 'refuse' | 'look' | undefined;
	/**
	 * Who takes up what has died: the rule on an execution's end, and whoever has answered, and at last somebody who looks. `alone`: the
	 * sweeper and nobody else. `beside`: it comes once at any moment, too.
	 */
	readonly sweeper?: 'alone' | 'beside';
	/**
	 * `all`: tasks of one execution in every order; otherwise its branches go one after another. `in line`: executions that have
	 * nothing to do with each other do, too, and meet only where one overtakes another in the midst of a call.
	 */
	readonly orders?: 'all' | 'in line';
};
