/** What can be seen of an installation in memory when it is over. */

import type { MemoryState } from '../../../adapters/memory/store.ts';
import type { Agent } from '../../../core/agent/agent.ts';
import type { functionsOf } from '../../doubles/functions.ts';
import type { FakeIssuer } from '../../doubles/issuer.ts';
import type { Outside } from '../../doubles/outside.ts';
import type { RunSeen, Seen, ToolSeen } from './seen.ts';

/** The part of an installation that is looked at; `install` of the driver answers one. */
export type Watched = Pick<ReturnType<typeof functionsOf>, 'invocations' | 'handedOut' | 'logged'> & {
	readonly agent: Agent;
	readonly state: MemoryState;
	readonly issuer: FakeIssuer;
};
export type Beside = {
	readonly runs: readonly RunSeen[];
	/** By tool. */
	readonly sinks: Readonly<Record<string, string>>;
	readonly lying?: readonly string[];
} & Partial<Pick<Seen, 'acts' | 'sealed' | 'rested'>>;

export function seenOf(watched: Watched, outside: Pick<Outside, 'journal'>, beside: Beside): Seen {
	const { agent } = watched;
	const tools = [...agent.tools.values()].map(
		({ name, effect }): ToolSeen => ({
			name,
			effect,
			sink: beside.sinks[name] ?? name,
			...(beside.lying?.includes(name) && { lies: true as const }),
		}),
	);
	return {
		agent: { name: agent.name, tools, budget: { spend: agent.budget.spend } },
		runs: beside.runs,
		acts: beside.acts ?? [],
		state: watched.state,
		journal: outside.journal,
		sessions: watched.issuer.issued,
		handedOut: watched.handedOut,
		invocations: watched.invocations,
		logged: watched.logged,
		sealed: beside.sealed ?? [],
		rested: beside.rested ?? true,
	};
}

/** Sinks that know how long ledgers are, for their journal to be laid beside them. */
export function witness(outside: Outside, state: MemoryState): void {
	outside.standsAt = (run) => state.chains.get(run)?.length ?? 0;
}
