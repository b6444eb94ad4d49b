/** The shipped functions with their middleware, over the ports of the process they run in; and what operators call. */

import type { Agent } from '../../../core/agent/agent.ts';
import { guardFunction, intakeFunction, planFunction, resumeFunction, toolFunction } from '../../../core/ids.ts';
import { createReader } from '../../../core/ledger/read.ts';
import type { Executions, Policies, Runs } from '../../../core/ports.ts';
import { closeHandler } from '../../../functions/close/handler.ts';
import { decideHandler } from '../../../functions/decide/handler.ts';
import { type FreezeEvent, freezeChain, freezeRun } from '../../../functions/freeze/freeze.ts';
import { guardHandler } from '../../../functions/guard/handler.ts';
import { type GuardRequest, guardAnswer } from '../../../functions/guard/protocol.ts';
import { intakeHandler } from '../../../functions/intake/handler.ts';
import { openHandler } from '../../../functions/open/handler.ts';
import { planHandler } from '../../../functions/plan/handler.ts';
import { resumeHandler } from '../../../functions/resume/handler.ts';
import { takeUp } from '../../../functions/resume/take-up.ts';
import { status } from '../../../functions/status/status.ts';
import { sweepHandler } from '../../../functions/sweep/handler.ts';
import { toolHandler } from '../../../functions/tool/handler.ts';
import { cross, type Process, passed, processHere, type Running } from './crossing.ts';
import { executionsOf } from './machines-port.ts';
import { issuerOf, storeOf } from './ports.ts';

export const MARGIN_MS = 500;
/** Who operates the place, and answers. */
export const BY = 'local:alice';
const PLAN_MS = 60_000;
const OTHER_MS = 30_000;
const SWEEP_MS = 900_000;
export const sweepFunction = 'sweep';

type Context = { readonly functionName: string; getRemainingTimeInMillis(): number };
export type Handler = (event: unknown, context: Context) => Promise<unknown>;
/** Asks another function, in a process of its own. @throws what its caller is told */
export type Ask = (name: string, event: unknown) => Promise<unknown>;
type Given = { readonly running: Running; readonly process: Process; readonly ask: Ask };
export type Installed = { readonly timeoutMs: number; readonly start: (given: Given) => Handler };
export type Installation = ReadonlyMap<string, Installed>;

type Installing = { readonly settings?: Readonly<Record<string, string>>; readonly entriesPerExecution?: number | undefined };

export function installationOf(agent: Agent, policies: Policies, { settings = {}, entriesPerExecution }: Installing = {}): Installation {
	const installed = new Map<string, Installed>();
	const add = (name: string, timeoutMs: number, begin: Installed['start']) => installed.set(name, { timeoutMs, start: begin });

	add(resumeFunction, OTHER_MS, (given) => resumeHandler({ ...commonOf(given), by: 'function:resume' }) as Handler);
	const planning = asked(agent);
	const handsOver = entriesPerExecution === undefined ? {} : { entriesPerExecution };
	add(
		planFunction(agent.name),
		PLAN_MS,
		(given) => planHandler({ ...commonOf(given), ...handsOver, agent: planning, settings }) as Handler,
	);
	for (const tool of agent.tools.values()) {
		const guard = guardFunction(agent.name, tool.name);
		add(guard, OTHER_MS, (given) => {
			const issuer = issuerOf(given.running, given.process);
			return guardHandler({ ...commonOf(given), agent, policies, tool: tool.name, marginMs: MARGIN_MS, issuer }) as Handler;
		});
		add(toolFunction(agent.name, tool.name), tool.timeoutSeconds * 1000, (given) => {
			const { running, process } = given;
			const ask = async (request: GuardRequest) => {
				const answer = guardAnswer.parse(await given.ask(guard, request));
				if (answer.is === 'granted' || answer.is === 'look-up')
					running.world.handedOut.push({ ...answer, run: request.run, step: request.step });
				return answer;
			};
			const guardDoor = (request: GuardRequest) =>
				cross(running, process, { at: 'guard.ask', effect: passed('guard.ask', () => ask(request)) });
			return toolHandler({ ...edges(given), tool, guard: guardDoor, settings }) as Handler;
		});
	}
	installed.set(sweepFunction, sweeperOf());
	for (const [name, begin] of operations(agent, policies)) add(name, OTHER_MS, begin);
	return installed;
}

type Sweeping = { readonly runs: Runs; readonly executions: Executions };
/** The sweeper; over other ports it is a naive one. */
export function sweeperOf(ports: (sweeping: Sweeping, given: Given) => Sweeping = (sweeping) => sweeping): Installed {
	const begin: Installed['start'] = (given) => {
		const { exit: _, ...common } = commonOf(given);
		const sweeping = { runs: common.store.runs, executions: executionsOf(given.running, given.process) };
		return sweepHandler({ ...common, ...ports(sweeping, given) }) as Handler;
	};
	return { timeoutMs: SWEEP_MS, start: begin };
}

const edges = ({ running, process }: Given) => ({
	log: (line: { name: string; message: string }) => void running.logged.push(line),
	exit: () => process.mortal.end('Runtime.ExitError'),
});

/** Every process is the first of its kind: what it knows, it has read. */
function commonOf(given: Given) {
	const store = storeOf(given.running, given.process);
	return { ...edges(given), store, reader: createReader(store) };
}

/** The planner asks a model: a call out, like any other. */
function asked(agent: Agent): Agent {
	const { planner } = agent;
	if (!planner) return agent;
	return {
		...agent,
		planner: (situation) => {
			const { running, process } = processHere();
			return cross(running, process, { at: 'planner.ask', effect: passed('planner.ask', async () => planner(situation)) });
		},
	};
}

/** As its wiring has it: who has answered has the run taken up. */
const decideAndTakeUp: Installed['start'] = (given) => {
	const { log, exit, ...common } = commonOf(given);
	const decide = decideHandler({ ...common, log, exit, callerOf: () => BY }) as Handler;
	return async (event, context) => {
		const answer = (await decide(event, context)) as { is: string; run: string };
		const executions = executionsOf(given.running, given.process);
		if (answer.is === 'recorded') await takeUp(answer.run, 'answer', { executions, clock: common.store.clock, log });
		return answer;
	};
};

/** What people and outside agents call, with the handler where there is one. */
function operations(agent: Agent, policies: Policies): [string, Installed['start']][] {
	const callerOf = () => BY;
	return [
		['open', (given) => openHandler({ ...commonOf(given), callerOf, agent, code: '0'.repeat(64) }) as Handler],
		['decide', decideAndTakeUp],
		['close', (given) => closeHandler({ ...commonOf(given), callerOf }) as Handler],
		['freeze-run', (given) => async (event) => freezeRun((event as { run: string }).run, event as FreezeEvent, commonOf(given))],
		[
			'freeze-and-thaw-run',
			(given) => async (event) => {
				const common = commonOf(given);
				const { run, ...rest } = event as { run: string } & Omit<FreezeEvent, 'is'>;
				await freezeRun(run, { ...rest, is: 'freeze' }, common);
				return freezeRun(run, { ...rest, is: 'thaw' }, common);
			},
		],
		[
			'freeze-chain',
			(given) => async (event) => freezeChain((event as { chain: string }).chain, event as FreezeEvent, commonOf(given).store),
		],
		[intakeFunction(agent.name), (given) => intakeHandler({ ...commonOf(given), agent }) as Handler],
		[
			'status',
			(given) => async (event) => {
				const common = commonOf(given);
				return status((event as { run: string }).run, { store: common.store, judge: { ...common, agent, policies, marginMs: MARGIN_MS } });
			},
		],
		['erase', (given) => async (event) => commonOf(given).store.keys.destroy((event as { run: string }).run)],
	];
}
