/** One schedule, played to its end: until every run has ended, whoever sweeps and answers comes again, and sleepers wake. */
import type { MemoryState } from '../../../adapters/memory/store.ts';
import type { Json } from '../../../core/ids.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import { openSteps } from '../../../core/ledger/state.ts';
import { verifyRun } from '../../../core/ledger/verify.ts';
import { executionName } from '../../../functions/resume/resume.ts';
import { type Naive, type Place, placeOf } from './place.ts';
import type { Plan } from './plan.ts';
import type { Order } from './turns.ts';

export type { Naive } from './place.ts';
export type World = Awaited<ReturnType<typeof play>>;

const SWEEPS = 16;
/** Somebody looks at the clocks when a run has not come to its end by then. */
const CLOCKS_SET_RIGHT = 3;

export async function play(plan: Plan, scheduler: Order, naive: Naive = {}) {
	const place = placeOf(plan, scheduler, naive);
	const tasks = plan.runs.map(taskOf);
	let sweeps = 0;
	try {
		for (const [index, run] of place.runs.entries()) {
			await place.desk.open(run, tasks[index] ?? null);
			place.machines.start('agent-run', executionName(run, 0), { run, agent: place.agent.name, epoch: 0, hint: 0 });
		}
		for (;;) {
			// Who is prompt sweeps and answers while zombies are still asleep.
			await place.turns.run(() => !plan.prompt || place.machines.areUnderWay());
			const left = place.runs.filter((run) => !isOver(run, place));
			if (sweeps < SWEEPS && left.length > 0) {
				sweeps += 1;
				if (sweeps === CLOCKS_SET_RIGHT) place.lives.setClocksRight();
				for (const run of left) place.desk.sweep(run);
			} else if (!place.time.pass()) break;
		}
	} finally {
		place.machines.die();
		place.lives.end();
	}
	return { ...place, tasks, sweeps, rested: place.runs.every((run) => isOver(run, place)) };
}

const taskOf = (proposed: Plan['runs'][number]): Json => ({
	plans: proposed.map((calls) => calls.map(({ tool, what, cents }) => ({ tool, input: { what, cents }, purpose: `${tool} ${what}` }))),
});

/** Nobody tampers with what is stored here, so a chain of the same length is the same: asked often, and told anew when it has grown. */
const judged = new WeakMap<MemoryState, Map<string, { readonly length: number; readonly over: boolean }>>();

function isOver(run: string, { state }: Pick<Place, 'state'>): boolean {
	const stored = state.chains.get(run) ?? [];
	const before = judged.get(state) ?? new Map();
	judged.set(state, before);
	const known = before.get(run);
	if (known?.length === stored.length) return known.over;
	const over = isOverBy(run, stored);
	before.set(run, { length: stored.length, over });
	return over;
}

function isOverBy(run: string, stored: readonly StoredEntry[]): boolean {
	// Most that is asked about has not been closed: no need to fold it.
	if (!stored.some(({ body }) => body.includes('"kind":"closed"'))) return false;
	const checked = verifyRun(run, stored);
	if (checked.is === 'broken') return false;
	return checked.state.closed !== null && openSteps(checked.state).length === 0 && checked.state.contradictions.length === 0;
}
