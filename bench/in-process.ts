/** Drives a run through the functions themselves, in this process: no state machine, no child, everything else as it is. */
import { cedarPolicies } from '../adapters/cedar/cedar-policies.ts';
import type { Agent } from '../core/agent/agent.ts';
import { epochMs, type StepIds } from '../core/ids.ts';
import { createReader, type Store } from '../core/ledger/read.ts';
import type { Claims, Issuer, Ledger, Payloads, RunKeys } from '../core/ports.ts';
import { guard } from '../functions/guard/guard.ts';
import { open } from '../functions/open/open.ts';
import { plan } from '../functions/plan/plan.ts';
import { runTool } from '../functions/tool/tool.ts';
import { systemRandomness } from '../local/randomness.ts';

export type Stores = { ledger: Ledger; claims: Claims; keys: RunKeys; payloads: Payloads };

export type Drive = {
	readonly run: string;
	readonly task: unknown;
	readonly issuer: Issuer;
};

/** Answers how long each step took, in milliseconds: from one plan to the next. */
export async function driveInProcess(agent: Agent, stores: Stores, { run, task, issuer }: Drive): Promise<number[]> {
	const clock = { now: () => epochMs.parse(Date.now()) };
	const store: Store = { ...stores, clock, randomness: systemRandomness };
	const policies = cedarPolicies({ agent });
	const around = { store, agent, policies, marginMs: 500 };
	// One process, so one reader: what one function has read or written, the next finds warm.
	const reader = createReader(store);
	const planner = { ...around, reader, settings: {} };
	const guards = new Map([...agent.tools.keys()].map((tool) => [tool, { ...around, reader, tool, issuer }]));
	await open({ run, task, by: 'local:bench' }, { store, reader, agent, code: '0'.repeat(64) });
	const times: number[] = [];
	let hint = 0;
	for (;;) {
		const begun = performance.now();
		const planned = await plan({ run, epoch: 0, hint }, planner);
		hint = planned.hint;
		if (planned.next !== 'act') return times;
		for (const ids of planned.steps) await act(ids, agent, guards);
		times.push(performance.now() - begun);
	}
}

type Guards = Map<string, Parameters<typeof guard>[1]>;

async function act(ids: StepIds, agent: Agent, guards: Guards): Promise<void> {
	const tool = agent.tools.get(ids.tool);
	const own = guards.get(ids.tool);
	if (!tool || !own) throw new Error(`no tool ${ids.tool}`);
	const answer = await runTool(
		{ state: 'Act', ...ids },
		{ tool, guard: (request) => guard(request, own), settings: {}, remainingMs: () => 30_000 },
	);
	if (answer.status !== 'ended') throw new Error(`step ${ids.step} is ${answer.status}`);
}
