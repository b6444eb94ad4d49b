/** Breadth first over all worlds, each distinct one once, to exhaustion: the first violation found has the shortest trace. */
import { begun, deskOf } from './desk.ts';
import { strandedAt } from './ends.ts';
import type { Scenario } from './settings.ts';
import { shippedFunctions } from './shipped.ts';
import { successors } from './successors.ts';
import { type Broken, keyOfWorld, runs, type Setting, type World } from './world.ts';

export type Violation = Broken & { readonly trace: readonly string[] };
export type Explored = {
	readonly scenario: string;
	readonly says: string;
	readonly states: number;
	readonly transitions: number;
	readonly depth: number;
	/** States in which nothing can happen any more within the bounds; from each, the run was brought to its end. */
	readonly ends: number;
	/** Distinct calls of shipped functions. */
	readonly calls: number;
	readonly seconds: number;
	readonly violation?: Violation;
};

/** Far above what any scenario needs; reaching it is a failure, never an end. */
const STATES_AT_MOST = 3_000_000;
const PROGRESS_EVERY = 20_000;

export type Progress = (states: number, frontier: number) => void;

export async function explored(scenario: Scenario, progress: Progress): Promise<Explored> {
	const desk = deskOf(scenario);
	const setting: Setting = { scenario, desk, shipped: shippedFunctions(desk) };
	const began = performance.now();
	const search = await searched(setting, firstWorld(scenario), progress);
	return {
		scenario: scenario.name,
		says: scenario.says,
		...search,
		calls: setting.shipped.calls(),
		seconds: Math.round((performance.now() - began) / 100) / 10,
	};
}

function firstWorld(scenario: Scenario): World {
	const named = runs.slice(0, scenario.runs);
	return {
		ledgers: named.map((run) => begun(run, scenario)),
		started: named.map(() => [0]),
		frozen: false,
		policy: scenario.policy,
		claims: [],
		truths: {},
		processes: named.map((run) => ({ is: 'run', run, epoch: 0, at: 'plan' }) as const),
		left: scenario.faults,
	};
}

type Found = Pick<Explored, 'states' | 'transitions' | 'depth' | 'ends' | 'violation'>;

async function searched(setting: Setting, first: World, progress: Progress): Promise<Found> {
	const known = new Map<string, number>([[keyOfWorld(first), 0]]);
	const parents = [-1];
	const says = [''];
	const traceTo = (index: number, last: string): string[] => {
		const trace = [last];
		for (let at = index; at > 0; at = parents[at] ?? 0) trace.unshift(says[at] ?? '');
		return trace;
	};
	let level: { world: World; index: number }[] = [{ world: first, index: 0 }];
	let transitions = 0;
	let depth = 0;
	let ends = 0;
	const found = (violation?: Violation): Found => ({ states: known.size, transitions, depth, ends, ...(violation && { violation }) });
	while (level.length > 0) {
		const next: typeof level = [];
		for (const { world, index } of level) {
			let moved = false;
			for (const move of await successors(setting, world)) {
				transitions += 1;
				if (move.broken) return found({ ...move.broken, trace: traceTo(index, move.says) });
				const key = keyOfWorld(move.world);
				const seen = known.get(key);
				if (seen !== index) moved = true;
				if (seen !== undefined) continue;
				known.set(key, known.size);
				parents.push(index);
				says.push(move.says);
				next.push({ world: move.world, index: known.size - 1 });
				if (known.size % PROGRESS_EVERY === 0) progress(known.size, next.length);
			}
			if (known.size > STATES_AT_MOST)
				throw new Error(`more than ${STATES_AT_MOST} states: make the bounds of ${setting.scenario.name} smaller`);
			if (moved) continue;
			ends += 1;
			const stranded = await strandedAt(setting, world);
			if (stranded) return found({ ...stranded, trace: traceTo(index, 'and nothing can happen any more') });
		}
		if (next.length > 0) depth += 1;
		level = next;
	}
	return found();
}
