/**
 * A whole installation in one process: the deployed state machines over the functions with their middleware, recovery as the
 * embedded host does it, and a desk for whoever operates it. Time passes only where a wait or a test says.
 */
import { emptyState, type MemoryState, memoryStore } from '../../adapters/memory/store.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { guardFunction, type Json, type MachineName } from '../../core/ids.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { createReader, type Store } from '../../core/ledger/read.ts';
import { type RunCheck, verifyRun } from '../../core/ledger/verify.ts';
import type { Policies } from '../../core/ports.ts';
import { type GuardAnswer, type GuardRequest, guardAnswer, type StepStatus } from '../../functions/guard/protocol.ts';
import { type OpenAnswer, open } from '../../functions/open/open.ts';
import { executionName, type ResumeEvent } from '../../functions/resume/resume.ts';
import { createMachines, type ExecutionEnd, type MachinesOptions } from '../../local/machines.ts';
import { type FunctionsOptions, functionsOf, MARGIN_MS } from './functions.ts';
import { fakeIssuer } from './issuer.ts';
import { linesOf } from './lines.ts';
import { fakePolicies } from './policies.ts';
import { seededRandomness, settableClock } from './time.ts';

export type InstallationOptions = FunctionsOptions &
	Pick<MachinesOptions, 'observe'> & { readonly agent: Agent; readonly policies?: Policies };
export type Installation = ReturnType<typeof install>;

export const BY = 'local:alice';
/** The run that tests with one run have. */
export const RUN = 'run-1';
type Ids = { readonly run: string; readonly step: number };

export function install({ agent, policies = fakePolicies(() => 'allow'), ...options }: InstallationOptions) {
	const state: MemoryState = emptyState();
	const clock = settableClock();
	const randomness = seededRandomness();
	const issuer = fakeIssuer(clock);
	const functions = functionsOf({ agent, policies, state, clock, randomness, issuer }, options);
	const { invoke } = functions;

	/** The machines' waits take no time of ours; on the clock they pass before what follows them. */
	const waits: { readonly step: number; readonly seconds: number }[] = [];
	const owed = new Map<string, number>();
	const invokedByMachine = async (name: string, event: unknown): Promise<unknown> => {
		const { run, step } = event as Ids;
		clock.advance((owed.get(`${run}.${step}`) ?? 0) * 1000);
		owed.delete(`${run}.${step}`);
		const answer = await invoke(name, event);
		const said = answer as Partial<Extract<StepStatus, { waitSeconds: number }>>;
		if (said.waitSeconds !== undefined) {
			owed.set(`${run}.${step}`, said.waitSeconds);
			if (said.status === 'in-doubt') waits.push({ step, seconds: said.waitSeconds });
		}
		return answer;
	};

	const underWay = new Map<string, Set<Promise<unknown>>>();
	const executions: { machine: MachineName; run: string; end: string }[] = [];
	const started = new Set<string>();
	const watch = (machine: MachineName, run: string, ended: Promise<ExecutionEnd>): void => {
		const set = underWay.get(run) ?? new Set();
		const work = ended.then(async (end) => {
			executions.push({ machine, run, end: end.is === 'failed' ? end.error : end.is });
			if (end.is === 'failed' && machine === 'agent-run') await startRecover(run, 'recovery');
		});
		underWay.set(run, set.add(work));
		void work.finally(() => set.delete(work));
	};
	const machines = createMachines({
		functions: { invoke: invokedByMachine },
		registry: { begin: ({ name }) => !started.has(name) && Boolean(started.add(name)), end: () => {} },
		hostId: 'driver',
		onStarted: watch,
		retryPace: 0,
		waits: 'none',
		...(options.observe && { observe: options.observe }),
	});
	let recoveries = 0;
	const startRecover = async (run: string, reason: ResumeEvent['reason']): Promise<void> => {
		recoveries += 1;
		const recovery = machines.start('recover', { name: `${run}-recovery-${recoveries}`, run, input: { run, reason } });
		if (recovery.is === 'started') watch('recover', run, recovery.ended);
		await (recovery.is === 'started' ? recovery.ended : undefined);
	};
	const settled = async (run: string): Promise<void> => {
		for (let set = underWay.get(run); set && set.size > 0; set = underWay.get(run)) await Promise.all([...set]);
	};

	/** Whoever works at a desk: ports of their own that never fail. */
	const desk = memoryStore({ state });
	const deskStore: Store = { ledger: desk.ledger, claims: desk.claims, keys: desk.keys, payloads: desk.payloads, clock, randomness };
	const operator = { store: deskStore, reader: createReader(deskStore), agent, policies, marginMs: MARGIN_MS, settings: {} };
	const stored = (run: string) => state.chains.get(run) ?? [];
	const entries = (run = RUN): Entry[] =>
		stored(run).map((one) => {
			const parsed = parseStored(one);
			if ('broken' in parsed) throw new Error(parsed.broken);
			return parsed.entry;
		});

	return {
		agent,
		clock,
		issuer,
		state,
		operator,
		...functions,
		/** Waits of steps in doubt, in the order in which they began. */
		waits,
		executions,
		settled,
		/** Waits for an execution that a test started itself, and recovers it as any other. */
		watch,
		start: machines.start,
		/** Opens a run, starts it, and waits until nothing of it is under way. */
		async run(task: Json, run = RUN): Promise<OpenAnswer> {
			const answer = await this.begin(task, run);
			await settled(run);
			return answer;
		},
		/** The same, without waiting. */
		async begin(task: Json, run = RUN): Promise<OpenAnswer> {
			const answer = await open({ run, task, by: BY }, { ...operator, code: '0'.repeat(64) });
			if (answer.is !== 'opened' || !agent.planner) return answer;
			const input = { run, agent: agent.name, epoch: 0, hint: 0 };
			const first = machines.start('agent-run', { name: executionName(run, 0), run, input });
			if (first.is === 'started') watch('agent-run', run, first.ended);
			return answer;
		},
		/** Takes a run up again and waits until nothing of it is under way. */
		async recover(run = RUN, reason: ResumeEvent['reason'] = 'answer'): Promise<void> {
			await startRecover(run, reason);
			await settled(run);
		},
		/** Asks a tool's guard as its tool would. */
		guard: async (tool: string, request: GuardRequest): Promise<GuardAnswer> =>
			guardAnswer.parse(await invoke(guardFunction(agent.name, tool), request)),
		entries,
		lines: (run = RUN): string[] => linesOf(entries(run)),
		check: (run = RUN): RunCheck => verifyRun(run, stored(run)),
	};
}
