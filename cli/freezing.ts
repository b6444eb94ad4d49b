/** What a freeze or a thaw is about: one run, one agent, or everything. */
import { agentName, type Json } from '../core/ids.ts';
import { LedgerBroken } from '../core/ledger/read.ts';
import type { FreezeAnswer, FreezeEvent } from '../functions/freeze/freeze.ts';
import type { Desk } from '../local/desk.ts';
import { allRuns } from '../local/interrupted.ts';
import { exits } from './exit-codes.ts';
import { Fault, usage } from './fault.ts';
import type { Place } from './place.ts';

export type Scope = { is: 'run'; run: string } | { is: 'agent'; agent: string } | { is: 'all' };

/** @throws Fault unless exactly one is named */
export function scopeOf(run: string | undefined, { agent, all }: { agent?: string; all: boolean }): Scope {
	if ([run !== undefined, agent !== undefined, all].filter(Boolean).length !== 1) throw usage('name a run, or --agent NAME, or --all');
	if (run !== undefined) return { is: 'run', run };
	if (agent === undefined) return { is: 'all' };
	const name = agentName.safeParse(agent);
	if (!name.success) throw usage(`--agent ${JSON.stringify(agent)}: ${name.error.issues[0]?.message}`);
	return { is: 'agent', agent: name.data };
}

/** @throws Fault for an agent that nobody knows: a mistyped freeze must not look like one that holds */
export async function carryOut(scope: Scope, event: Pick<FreezeEvent, 'is' | 'reason'>, place: Place): Promise<FreezeAnswer> {
	const { desk } = place;
	if (scope.is === 'agent' && !(await isKnown(scope.agent, desk)))
		throw new Fault('AgentNotFound', `no run in ${desk.path} is of agent ${scope.agent}; list shows the runs there are`, exits.notFound);
	return place.freeze(scope, event);
}

async function isKnown(agent: string, desk: Desk): Promise<boolean> {
	if (desk.agentFolder(agent) !== undefined) return true;
	for await (const run of allRuns(desk.runs)) {
		if ((await agentOf(run, desk)) === agent) return true;
	}
	return false;
}

/** A damaged run is nobody's here, and keeps no other agent from being frozen. */
async function agentOf(run: string, desk: Desk): Promise<string | undefined> {
	try {
		return (await desk.reader.read(run)).state.agent;
	} catch (error) {
		if (error instanceof LedgerBroken) return undefined;
		throw error;
	}
}

export const scopeWords = (scope: Scope): string =>
	scope.is === 'run' ? `run ${scope.run}` : scope.is === 'agent' ? `agent ${scope.agent}` : 'everything';

export const scopeJson = (scope: Scope): { [key: string]: Json } => ({
	run: scope.is === 'run' ? scope.run : null,
	agent: scope.is === 'agent' ? scope.agent : null,
	all: scope.is === 'all',
});
