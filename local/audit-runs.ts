/** Every run of a desk laid beside what was seen, wherever that is kept, and judged by the agents' code that is found here. */
import type { Agent } from '../core/agent/agent.ts';
import type { Finding } from '../core/audit/finding.ts';
import { RunNotFound } from '../core/ledger/read.ts';
import { type Audited, type ReconcileSurroundings, reconcileControl, reconcileRun } from '../functions/reconcile/reconcile.ts';
import { isControl, subjects } from '../functions/reconcile/subjects.ts';
import type { Desk } from './desk.ts';
import { loadAgent } from './load-agent.ts';

export type RunsAudited = {
	readonly runs: readonly Audited[];
	/** What could not be read, and why: nothing is concluded about it, and the others are read all the same. */
	readonly unread: readonly { readonly run: string; readonly error: unknown }[];
	/** All of this reading, in ascending order of ids; `raised` by it for the first time. */
	readonly findings: readonly Finding[];
	readonly raised: number;
};
/** `only` one run; every one, and all that witnesses name, without it. `unloaded` is told of an agent whose code is not here. */
export type RunsAsked = { readonly only?: string | undefined; readonly unloaded: (agent: string, error: unknown) => void };

/** @throws RunNotFound, and what the one run's ports throw; of many, only what keeps them from being listed. */
export async function auditRuns(
	desk: Desk,
	seen: Omit<ReconcileSurroundings, 'store' | 'agentOf'>,
	{ only, unloaded }: RunsAsked,
): Promise<RunsAudited> {
	const around: ReconcileSurroundings = { ...seen, store: desk.store, agentOf: agentsOf(desk, unloaded) };
	const runs: Audited[] = [];
	const controls: { findings: readonly Finding[]; raised: number }[] = [];
	const unread: { run: string; error: unknown }[] = [];
	for await (const subject of only === undefined ? subjects({ runs: desk.runs, witnesses: seen.witnesses }) : [only]) {
		try {
			if (isControl(subject)) controls.push(await reconcileControl(subject, around));
			else runs.push(await reconcileRun(subject, around));
		} catch (error) {
			if (only !== undefined) throw error;
			unread.push({ run: subject, error });
		}
	}
	const [first] = runs;
	if (only !== undefined && first?.counts.entries === 0 && first.counts.witnesses === 0) throw new RunNotFound(only);
	const all = [...runs, ...controls];
	const findings = new Map(all.flatMap((one) => one.findings.map((finding) => [finding.id, finding] as const)));
	return {
		runs,
		unread,
		findings: [...findings.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
		raised: all.reduce((sum, one) => sum + one.raised, 0),
	};
}

function agentsOf(desk: Desk, unloaded: RunsAsked['unloaded']): ReconcileSurroundings['agentOf'] {
	const loaded = new Map<string, Promise<Agent | undefined>>();
	return (name) => {
		const known =
			loaded.get(name) ??
			loadAgent(desk.agentFolder(name) ?? name).then(
				({ agent }) => agent,
				(error: unknown) => {
					unloaded(name, error);
					return undefined;
				},
			);
		loaded.set(name, known);
		return known;
	};
}
