/**
 * Everything that outlives a process, as plain data: what is stored, what time it is, what sinks and broker journalled, where
 * every execution stands, and what is still owed to somebody. A copy is another world with the same past.
 */
import { emptyState, type MemoryState } from '../../../adapters/memory/store.ts';
import type { MachineName } from '../../../statemachines/shape.ts';
import type { HandedOut } from '../../doubles/functions.ts';
import type { FakeIssuer } from '../../doubles/issuer.ts';
import { START } from '../../doubles/ledger-builder.ts';
import { emptyJournal, type Journal } from '../../doubles/outside.ts';
import type { Act, Told } from '../checker/seen.ts';
import type { Standing } from './machine.ts';
import type { InFlight } from './sinks.ts';

export type Execution = {
	/** Counts the executions of a world; says nothing else. */
	readonly id: number;
	readonly machine: MachineName;
	/** It is a branch that goes on alone: of this Map, which another branch has ended. */
	readonly within?: string;
	readonly run: string;
	/** What state machines see of it. */
	readonly name: string;
	readonly standing: Standing;
	/** The execution that waits for this one's end. */
	readonly parent?: { readonly id: number; readonly branch: number | undefined };
};

/** A start that somebody will make: whoever has opened the run, the rule on an execution's end, a person who frees it. */
export type Owed = { readonly run: string; readonly reason: 'first' | 'recovery' | 'person' };

export type World = {
	readonly state: MemoryState;
	nowMs: number;
	/** Draws from randomness so far: no two are alike. */
	drawn: number;
	readonly issued: FakeIssuer['issued'][number][];
	journal: Journal;
	/** Requests that are under way though their processes have ended. */
	inFlight: InFlight[];
	readonly handedOut: HandedOut[];
	/** What whoever opened a run was told, by run. */
	readonly opened: Map<string, Told>;
	/** What people and operators did, and were told. */
	readonly acts: Act[];
	executions: Execution[];
	/** Executions started so far. */
	started: number;
	/** Names of executions that were used. */
	readonly names: Set<string>;
	owed: Owed[];
	/** How often the sweeper went its round since it last found something. */
	rounds: number;
	/** What operators have done of what the scenario has them do, by name. */
	readonly operated: Set<string>;
};

export const emptyWorld = (): World => ({
	state: emptyState(),
	nowMs: START,
	drawn: 0,
	issued: [],
	journal: emptyJournal(),
	inFlight: [],
	handedOut: [],
	opened: new Map(),
	acts: [],
	executions: [],
	started: 0,
	names: new Set(),
	owed: [],
	rounds: 0,
	operated: new Set(),
});

/** Entries, items, claims and effects never change once they are there, so that lists of them are all there is to copy. */
export const copyOf = (world: World): World => ({
	...world,
	state: {
		chains: new Map([...world.state.chains].map(([chain, entries]) => [chain, entries.slice()])),
		claims: new Map([...world.state.claims].map(([key, claims]) => [key, claims.slice()])),
		items: new Map(world.state.items),
		keys: new Map(world.state.keys),
		payloads: new Map(world.state.payloads),
	},
	issued: world.issued.slice(),
	journal: {
		...world.journal,
		effects: world.journal.effects.slice(),
		arrived: world.journal.arrived.slice(),
		refused: world.journal.refused.slice(),
	},
	inFlight: world.inFlight.slice(),
	handedOut: world.handedOut.slice(),
	opened: new Map(world.opened),
	acts: world.acts.slice(),
	executions: world.executions.slice(),
	names: new Set(world.names),
	owed: world.owed.slice(),
	operated: new Set(world.operated),
});
