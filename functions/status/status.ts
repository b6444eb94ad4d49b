/**
 * The three questions, answered from one record: what was I doing, what am I still allowed to do, what was completed.
 * `allowed` is decided now, under today's policies.
 */
import { RESUMES_WITHOUT_PROGRESS } from '../../core/bounds.ts';
import type { Effect } from '../../core/ids.ts';
import { LedgerBroken, RunNotFound } from '../../core/ledger/read.ts';
import { isHeld, openAttempts, type RunState, type StepState } from '../../core/ledger/state.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { runContext } from '../../core/policy/question.ts';
import { type AgentSurroundings, type Control, readControl } from '../surroundings.ts';
import { wholeChain } from '../whole-chain.ts';

export type RunStatus =
	| 'open'
	| 'waiting'
	| 'idle'
	| 'frozen'
	| 'stuck'
	| 'contradicted'
	| 'settling'
	| 'finished'
	| 'stopped'
	| 'exhausted';
export type Allowed = { tool: string; verdict: 'allow' | 'deny' | 'hold' | 'depends'; why: string };
export type StatusAnswer = {
	run: string;
	agent: string;
	status: RunStatus;
	epoch: number;
	/** Steps that are planned or under way. `since` is when the last attempt was granted, or the step was planned. */
	doing: { step: number; tool: string; effect: Effect | null; inDoubt: boolean; since: string }[];
	allowed: Allowed[];
	done: { step: number; tool: string; outcome: 'done' | 'failed' | 'denied'; by: string; at: string }[];
	waiting: { step: number | null; for: string; since: string }[];
	contradictions: number[];
};

/** Reads the whole run and verifies it on the way. @throws RunNotFound, LedgerBroken */
export async function status(
	run: string,
	around: Pick<AgentSurroundings, 'store'> & { judge?: AgentSurroundings | undefined },
): Promise<StatusAnswer> {
	const stored = await wholeChain(run, around.store);
	if (stored.length === 0) throw new RunNotFound(run);
	const checked = verifyRun(run, stored);
	if (checked.is === 'broken') throw new LedgerBroken(`the ledger of run ${run} is damaged at place ${checked.place}: ${checked.why}`);
	const { state, steps, entries } = checked;
	const control = await readControl(around.store, state.agent);
	const open = [...steps.values()].filter((step) => step.end === null);
	const plannedAt = (step: StepState): number => entries[step.intentPlace]?.at ?? state.head.at;
	return {
		run,
		agent: state.agent,
		status: statusOf(state, open, control),
		epoch: state.epoch,
		doing: open.map((step) => ({
			step: step.step,
			tool: step.tool,
			effect: step.effect ?? around.judge?.agent.tools.get(step.tool)?.effect ?? null,
			inDoubt: openAttempts(step).length > 0,
			since: iso(step.attempts.at(-1)?.at ?? plannedAt(step)),
		})),
		allowed: around.judge ? allowedNow(state, around.judge, { control, key: await around.store.keys.get(run) }) : [],
		done: [...steps.values()].flatMap((step) =>
			step.end ? [{ step: step.step, tool: step.tool, outcome: step.end.result, by: step.end.by, at: iso(step.end.at) }] : [],
		),
		waiting: waitingFor(state, open, control),
		contradictions: state.contradictions.map((contradiction) => contradiction.step),
	};
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function statusOf(state: RunState, open: readonly StepState[], control: Control): RunStatus {
	if (state.closed && open.length === 0) return state.closed.how;
	if (state.contradictions.length > 0) return 'contradicted';
	if (state.frozen || control.frozen) return 'frozen';
	if (open.length > 0 && open.every(isHeld)) return 'waiting';
	if (state.resumesWithoutProgress >= RESUMES_WITHOUT_PROGRESS) return 'stuck';
	if (state.closed) return 'settling';
	return state.driver === 'outside' && open.length === 0 ? 'idle' : 'open';
}

function waitingFor(state: RunState, open: readonly StepState[], control: Control): StatusAnswer['waiting'] {
	const held = open
		.filter(isHeld)
		.map((step) => ({ step: step.step, for: step.hold?.for ?? 'doubt', since: iso(step.hold?.at ?? state.head.at) }));
	const frozen = state.frozen ?? control.frozen;
	const stuck = !state.closed && state.resumesWithoutProgress >= RESUMES_WITHOUT_PROGRESS;
	return [
		...held,
		...state.contradictions.map((contradiction) => ({ step: contradiction.step, for: 'contradiction', since: iso(state.head.at) })),
		...(frozen ? [{ step: null, for: 'thaw', since: iso(frozen.at) }] : []),
		...(stuck ? [{ step: null, for: 'resume', since: iso(state.head.at) }] : []),
	];
}

type Bars = { readonly control: Control; readonly key: Uint8Array | undefined };

function allowedNow(state: RunState, judge: AgentSurroundings, bars: Bars): Allowed[] {
	const run = runContext(state, { now: judge.store.clock.now(), attempt: 1 });
	return [...judge.agent.tools.values()].map((tool) => {
		const barred = barredNow(state, bars);
		if (barred) return { tool: tool.name, ...barred };
		const about = (approved: boolean) =>
			judge.policies.decideWithoutInput({
				principal: { type: 'Agent', id: judge.agent.name },
				action: { type: 'Action', id: tool.name },
				resourceType: tool.resource.type,
				context: { approved, run },
				entities: [],
			});
		const plain = about(false);
		const because = (policies: readonly string[]): string => (policies.length > 0 ? policies.join(', ') : 'no policy permits it');
		if (plain.verdict === 'allow') return { tool: tool.name, verdict: 'allow', why: because(plain.policies) };
		const approved = about(true);
		if (plain.verdict === 'depends') return { tool: tool.name, verdict: 'depends', why: `on the input, by ${because(plain.policies)}` };
		if (approved.verdict === 'deny')
			return { tool: tool.name, verdict: judge.agent.mode === 'log-only' ? 'allow' : 'deny', why: because(plain.policies) };
		return {
			tool: tool.name,
			verdict: approved.verdict === 'allow' ? 'hold' : 'depends',
			why: `with a person's approval, by ${because(approved.policies)}`,
		};
	});
}

function barredNow(state: RunState, { control, key }: Bars): { verdict: 'deny' | 'hold'; why: string } | undefined {
	if (state.closed) return { verdict: 'deny', why: `the run was closed (${state.closed.how})` };
	if (!key) return { verdict: 'deny', why: "the run's key is lost or was destroyed: nothing is granted" };
	if (state.nextStep > state.budget.steps) return { verdict: 'deny', why: `the budget of ${state.budget.steps} steps is used up` };
	if (state.contradictions.length > 0) return { verdict: 'hold', why: 'records contradict each other; a person says what stands' };
	const frozen = state.frozen ?? control.frozen;
	return frozen ? { verdict: 'hold', why: `frozen since ${iso(frozen.at)} by ${frozen.by}` } : undefined;
}
