/** The shipped functions with their middleware, over the ports of the process they run in; and what operators call. */

import type { Agent } from '../../../core/agent/agent.ts';
import { guardFunction, intakeFunction, planFunction, resumeFunction, toolFunction } from '../../../core/ids.ts';
import { createReader, type Store } from '../../../core/ledger/read.ts';
import type { Executions, Policies, Runs } from '../../../core/ports.ts';
import { closeHandler } from '../../../functions/close/handler.ts';
import { decideHandler } from '../../../functions/decide/handler.ts';
import { type FreezeEvent, freezeChain, freezeRun } from '../../../functions/freeze/freeze.ts';
import { guardHandler } from '../../../functions/guard/handler.ts';
import type { GuardRequest } from '../../../functions/guard/protocol.ts';
import { intakeHandler } from '../../../functions/intake/handler.ts';
import { openHandler } from '../../../functions/open/handler.ts';
import { planHandler } from '../../../functions/plan/handler.ts';
import { resumeHandler } from '../../../functions/resume/handler.ts';
import { takeUp } from '../../../functions/resume/take-up.ts';
import { status } from '../../../functions/status/status.ts';
import { sweepHandler } from '../../../functions/sweep/handler.ts';
import { toolHandler } from '../../../functions/tool/handler.ts';
import { processHere } from './crossing.ts';
import type { Outward } from './outward.ts';
import { executionsOf, issuerOf, storeOf } from './ports.ts';

export const MARGIN_MS = 500;
/** Who operates the place, and answers. */
export const BY = 'local:alice';
const PLAN_MS = 60_000;
const OTHER_MS = 30_000;
const SWEEP_MS = 900_000;
export const sweepFunction = 'sweep';

type Context = { readonly functionName: string; getRemainingTimeInMillis(): number };
export type Handler = (event: unknown, context: Context) => Promise<unknown>;
export type Installed = { readonly timeoutMs: number; readonly start: (outward: Outward) => Handler };
export type Installation = ReadonlyMap<string, Installed>;

type Installing = { readonly settings?: Readonly<Record<string, string>>; readonly entriesPerExecution?: number | undefined };

export function installationOf(agent: Agent, policies: Policies, { settings = {}, entriesPerExecution }: Installing = {}): Installation {
	const installed = new Map<string, Installed>();
	const add = (name: string, timeoutMs: number, begin: Installed['start']) => installed.set(name, { timeoutMs, start: begin });

	add(resumeFunction, OTHER_MS, (outward) => resumeHandler({ ...commonOf(outward), by: 'function:resume' }) as Handler);
	const planning = asked(agent);
	const handsOver = entriesPerExecution === undefined ? {} : { entriesPerExecution };
	add(
		planFunction(agent.name),
		PLAN_MS,
		(outward) => planHandler({ ...commonOf(outward), ...handsOver, agent: planning, settings }) as Handler,
	);
	for (const tool of agent.tools.values()) {
		const guard = guardFunction(agent.name, tool.name);
		add(guard, OTHER_MS, (outward) => {
			const issuer = issuerOf(outward);
			return guardHandler({ ...commonOf(outward), agent, policies, tool: tool.name, marginMs: MARGIN_MS, issuer }) as Handler;
		});
		add(toolFunction(agent.name, tool.name), tool.timeoutSeconds * 1000, (outward) => {
			const door = (request: GuardRequest) => outward.call('guard.ask', guard, request);
			return toolHandler({ ...edges(outward), tool, guard: door, settings }) as Handler;
		});
	}
	installed.set(sweepFunction, sweeperOf());
	for (const [name, begin] of operations(agent, policies)) add(name, OTHER_MS, begin);
	return installed;
}

type Sweeping = { readonly runs: Runs; readonly executions: Executions };
/** The sweeper; over other ports it is a naive one. */
export function sweeperOf(ports: (sweeping: Sweeping, store: Store) => Sweeping = (sweeping) => sweeping): Installed {
	const begin: Installed['start'] = (outward) => {
		const { exit: _, ...common } = commonOf(outward);
		const sweeping = { runs: common.store.runs, executions: executionsOf(outward) };
		return sweepHandler({ ...common, ...ports(sweeping, common.store) }) as Handler;
	};
	return { timeoutMs: SWEEP_MS, start: begin };
}

const edges = ({ tell }: Outward) => ({
	log: (line: { name: string; message: string }) => tell('log', line),
	exit: () => tell('exit'),
});

/** Every process is the first of its kind: what it knows, it has read. */
function commonOf(outward: Outward) {
	const store = storeOf(outward);
	return { ...edges(outward), store, reader: createReader(store) };
}

/** The planner asks a model: a call out, like any other. */
function asked(agent: Agent): Agent {
	const { planner } = agent;
	return planner ? { ...agent, planner: (situation) => processHere().process.outward.call('planner.ask', situation) } : agent;
}

/** As its wiring has it: who has answered has the run taken up. */
const decideAndTakeUp: Installed['start'] = (outward) => {
	const { log, exit, ...common } = commonOf(outward);
	const decide = decideHandler({ ...common, log, exit, callerOf: () => BY }) as Handler;
	return async (event, context) => {
		const answer = (await decide(event, context)) as { is: string; run: string };
		const executions = executionsOf(outward);
		if (answer.is === 'recorded') await takeUp(answer.run, 'answer', { executions, clock: common.store.clock, log });
		return answer;
	};
};

/** What people and outside agents call, with the handler where there is one. */
function operations(agent: Agent, policies: Policies): [string, Installed['start']][] {
	const callerOf = () => BY;
	return [
		['open', (outward) => openHandler({ ...commonOf(outward), callerOf, agent, code: '0'.repeat(64) }) as Handler],
		['decide', decideAndTakeUp],
		['close', (outward) => closeHandler({ ...commonOf(outward), callerOf }) as Handler],
		['freeze-run', (outward) => async (event) => freezeRun((event as { run: string }).run, event as FreezeEvent, commonOf(outward))],
		[
			'freeze-and-thaw-run',
			(outward) => async (event) => {
				const common = commonOf(outward);
				const { run, ...rest } = event as { run: string } & Omit<FreezeEvent, 'is'>;
				await freezeRun(run, { ...rest, is: 'freeze' }, common);
				return freezeRun(run, { ...rest, is: 'thaw' }, common);
			},
		],
		[
			'freeze-chain',
			(outward) => async (event) => freezeChain((event as { chain: string }).chain, event as FreezeEvent, commonOf(outward).store),
		],
		[intakeFunction(agent.name), (outward) => intakeHandler({ ...commonOf(outward), agent }) as Handler],
		[
			'status',
			(outward) => async (event) => {
				const common = commonOf(outward);
				return status((event as { run: string }).run, { store: common.store, judge: { ...common, agent, policies, marginMs: MARGIN_MS } });
			},
		],
		['erase', (outward) => async (event) => commonOf(outward).store.keys.destroy((event as { run: string }).run)],
	];
}
