/** What functions are given. Nothing here knows which technology it runs on. */
import type { Agent } from '../core/agent/agent.ts';
import type { Access } from '../core/agent/tool.ts';
import { agentChain, everythingChain } from '../core/ids.ts';
import { parseStored } from '../core/ledger/chain.ts';
import { LedgerBroken, type Reader, type Store } from '../core/ledger/read.ts';
import type { Issuer, Policies } from '../core/ports.ts';

/** What every function has: the ledger, and a reader that may be warm. */
export type Surroundings = { readonly store: Store; readonly reader: Reader };

/** What functions of one agent have besides. */
export type AgentSurroundings = Surroundings & {
	readonly agent: Agent;
	readonly policies: Policies;
	/** On either side of every window: delays between processes, and clocks that differ. */
	readonly marginMs: number;
};

/** What a tool's guard has besides: the counter where its tool's access roles are assumed, and no others. */
export type GuardSurroundings = AgentSurroundings & {
	readonly tool: string;
	readonly issuer: Issuer;
	/** The hard timeout that the tool's function was deployed with, where that is not the tool's own. */
	readonly toolSeconds?: number;
	/** What the session that commits a transaction needs, where the ledger's technology asks who writes. */
	readonly commitAccess?: readonly Access[];
};

/** Whether the agent, or everything, is frozen; and the heads of those chains that hold anything. */
export type Control = { readonly frozen: { at: number; by: string; scope: string } | undefined; readonly heads: string[] };

/**
 * Reads both control chains.
 *
 * @throws when one cannot be read: an error to retry, never a decision.
 */
export async function readControl(store: Store, agent: string): Promise<Control> {
	const chains = [everythingChain, agentChain(agent)];
	const heads = await Promise.all(chains.map((chain) => store.ledger.latest(chain, 1)));
	const parsed = heads.flatMap(([stored]) => (stored ? [parseStored(stored)] : []));
	let frozen: Control['frozen'];
	for (const head of parsed) {
		if ('broken' in head) throw new LedgerBroken(`a control chain is damaged: ${head.broken}`);
		if (head.entry.kind === 'frozen') frozen ??= { at: head.entry.at, by: head.entry.by, scope: head.entry.run };
	}
	return { frozen, heads: parsed.flatMap((head) => ('hash' in head ? [head.hash] : [])) };
}
