/**
 * Finds runs that could go on and that nothing drives, and has each recovered (S5). The rule on an execution's end is best
 * effort, so this is what makes recovery certain. A hold that nobody has answered is left alone: it waits for a person.
 *
 * A crash anywhere in here costs this sweep; the next one begins again.
 */
import { parseStored } from '../../core/ledger/chain.ts';
import type { View } from '../../core/ledger/read.ts';
import { openSteps, type RunState } from '../../core/ledger/state.ts';
import type { Executions, Runs } from '../../core/ports.ts';
import { executionName, recoveryName } from '../resume/resume.ts';
import { statusOf } from '../status/status.ts';
import { type Control, readControl, type Surroundings } from '../surroundings.ts';

export type SweepEvent = { readonly after?: string | undefined };
/** `after` is where the next sweep goes on, when this one had to stop before the last run. `unread` are a person's to look at. */
export type SweepAnswer = { seen: number; recovered: string[]; unread: { run: string; error: string }[]; after: string | undefined };

export type SweepSurroundings = Surroundings & {
	readonly runs: Runs;
	readonly executions: Executions;
	/** Runs that are known to be over, kept by a warm process: nothing but a late report comes to them any more. */
	readonly over: Set<string>;
	/** What the runtime leaves this invocation, in milliseconds. */
	readonly remainingMs: () => number;
};

const RUNS_PER_PAGE = 500;
const SIDE_BY_SIDE = 16;
/** A run with a younger entry is going on, or between its first entry and its first execution. */
const QUIET_MS = 120_000;
/** So that recovering can't take the account's whole rate of starting executions. */
const RECOVERED_PER_SWEEP = 200;
/** Enough to end what is under way. */
const RESERVE_MS = 15_000;
const OVER_KEPT = 200_000;

/** @throws what listing the runs throws; one run's trouble keeps no other from being taken up. */
export async function sweep(event: SweepEvent, around: SweepSurroundings): Promise<SweepAnswer> {
	const answer: SweepAnswer = { seen: 0, recovered: [], unread: [], after: event.after };
	const watch = { controls: new Map<string, Promise<Control>>(), settling: undefined as Promise<ReadonlySet<string>> | undefined };
	for (;;) {
		const page = await around.runs.list({ ...(answer.after !== undefined && { after: answer.after }), limit: RUNS_PER_PAGE });
		for (let start = 0; start < page.length; start += SIDE_BY_SIDE) {
			if (around.remainingMs() < RESERVE_MS || answer.recovered.length >= RECOVERED_PER_SWEEP) return answer;
			const together = page.slice(start, start + SIDE_BY_SIDE);
			await Promise.all(together.map((run) => look(run, { around, watch, answer })));
			answer.seen += together.length;
			answer.after = together.at(-1);
		}
		if (page.length < RUNS_PER_PAGE) return { ...answer, after: undefined };
	}
}

type Watch = { readonly controls: Map<string, Promise<Control>>; settling: Promise<ReadonlySet<string>> | undefined };
type Looking = { readonly around: SweepSurroundings; readonly watch: Watch; readonly answer: SweepAnswer };

async function look(run: string, { around, watch, answer }: Looking): Promise<void> {
	if (around.over.has(run)) return;
	try {
		const view = await quietView(run, around);
		if (!view || !(await couldGoOn(view, { around, watch })) || (await isDriven(view.state, { around, watch }))) return;
		const { epoch, head } = view.state;
		const name = recoveryName(run, { epoch, place: head.place, at: around.store.clock.now() });
		if ((await around.executions.start('recover', { name, input: { run, reason: 'recovery' } })) === 'started') answer.recovered.push(run);
	} catch (error) {
		answer.unread.push({ run, error: error instanceof Error ? error.name : 'unknown' });
	}
}

/** Most runs have finished, and say so in their last entry. The others are folded once they have been quiet for a while. */
async function quietView(run: string, { store, reader, over }: SweepSurroundings): Promise<View | undefined> {
	const [head] = await store.ledger.latest(run, 1);
	const parsed = head && parseStored(head);
	if (parsed && 'entry' in parsed) {
		const { entry } = parsed;
		if (entry.kind === 'closed' && entry.how === 'finished') remember(over, run);
		if (over.has(run) || entry.at > store.clock.now() - QUIET_MS) return undefined;
	}
	return reader.read(run);
}

async function couldGoOn({ state }: View, { around, watch }: Omit<Looking, 'answer'>): Promise<boolean> {
	const control = watch.controls.get(state.agent) ?? readControl(around.store, state.agent);
	watch.controls.set(state.agent, control);
	const status = statusOf(state, openSteps(state), await control);
	if (status === 'finished' || status === 'stopped' || status === 'exhausted') remember(around.over, state.run);
	return status === 'open' || status === 'settling';
}

/** A wait for what may still act is an execution that writes nothing for a long time: taken up again, it would begin anew. */
async function isDriven(state: RunState, { around, watch }: Omit<Looking, 'answer'>): Promise<boolean> {
	if (state.driver === 'planner') return around.executions.isRunning('agent-run', executionName(state.run, state.epoch));
	watch.settling ??= runsSettling(around.executions);
	return (await watch.settling).has(state.run);
}

/** Runs driven from outside have no execution of their own: whoever settles their steps names its execution after the run. */
async function runsSettling(executions: Executions): Promise<ReadonlySet<string>> {
	const names = await Promise.all([executions.running('recover'), executions.running('step')]);
	return new Set(names.flat().flatMap((name) => (name.includes('.') ? [name.slice(0, name.indexOf('.'))] : [])));
}

function remember(over: Set<string>, run: string): void {
	if (over.size < OVER_KEPT) over.add(run);
}
