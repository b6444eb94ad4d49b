/**
 * Every way in which a scenario can go with at most so many faults, state by state: from each world, each action that may be
 * next, without a fault and with every fault that may befall any crossing of it. A world that was explored with at least as
 * many faults left is not explored again, and within one action neither is what follows the same past.
 */
import { type Action, choices } from '../world/choices.ts';
import { type Crossing, noFault, type Plan } from '../world/crossing.ts';
import { fingerprints } from '../world/fingerprint.ts';
import { isLikeAnother, type Kind } from '../world/kinds.ts';
import { perform } from '../world/perform.ts';
import type { Scenario } from '../world/scenario.ts';
import type { World } from '../world/world.ts';
import { takenUpThoughDriven } from './driven.ts';
import type { Move } from './path.ts';
import { wrongAtRest, wrongWith } from './seen.ts';

/** How a world came about: one action after another, each with what befell its crossings. */
export type Path = { readonly before: Path | undefined; readonly move: Move; readonly length: number };
export type Violation = { readonly scenario: string; readonly says: string; readonly path: readonly Move[] };

export type Explored = {
	/** Invocations and other actions carried out, each with some plan. */
	transitions: number;
	/** Distinct worlds. */
	states: number;
	ends: number;
	merged: number;
	/** By kind. */
	readonly fired: Map<Kind, number>;
	/** By call site: by kind. */
	readonly sites: Map<string, Map<Kind, number>>;
	readonly violations: Violation[];
};

export type ExploreOptions = {
	readonly faults: number;
	/** Which worlds are one. Where it is `undefined`, none are: the control of this explorer. */
	readonly print?: ((world: World) => string) | undefined;
	/** Only these of all that may befall a crossing. */
	readonly kinds?: readonly Kind[];
	/** Called for every world at rest. */
	readonly onEnd?: (world: World) => void;
};

/** Actions of one path at most; what takes more has no end. */
const ACTIONS = 400;
const VIOLATIONS = 20;
type Node = { readonly world: World; readonly path: Path | undefined; readonly print: string | undefined };

export async function explore(scenario: Scenario, options: ExploreOptions): Promise<Explored> {
	const { faults } = options;
	const print = 'print' in options ? options.print : fingerprints();
	const explored: Explored = {
		transitions: 0,
		states: 0,
		ends: 0,
		merged: 0,
		fired: new Map(),
		sites: new Map(),
		violations: [],
	};
	/** By faults left: those with more go first, and all that they lead to is known before those with fewer are gone on from. */
	const waiting: Node[][] = Array.from({ length: faults + 1 }, () => []);
	/** By fingerprint, the most faults left that a world was met with. */
	const seen = new Map<string, number>();
	const violate = (says: string, path: Path | undefined): void => {
		if (explored.violations.length < VIOLATIONS) explored.violations.push({ scenario: scenario.name, says, path: movesOf(path) });
	};
	const reached = (world: World, path: Path | undefined, left: number): void => {
		const name = print?.(world);
		const before = name === undefined ? undefined : seen.get(name);
		if (before !== undefined && before >= left) {
			explored.merged += 1;
			return;
		}
		if (name !== undefined) seen.set(name, left);
		if (before === undefined) explored.states += 1;
		waiting[left]?.push({ world, path, print: name });
	};

	reached(await scenario.begin(), undefined, faults);
	for (let left = faults; left >= 0; left -= 1) {
		for (let node = waiting[left]?.pop(); node; node = waiting[left]?.pop()) {
			const { world, path } = node;
			// Met again with more faults left: that is where it was gone on from.
			if (node.print !== undefined && seen.get(node.print) !== left) continue;
			const actions = await choices(scenario, world);
			if (actions.length === 0) {
				explored.ends += 1;
				options.onEnd?.(world);
				for (const says of wrongAtRest(scenario, world)) violate(says, path);
				continue;
			}
			if ((path?.length ?? 0) >= ACTIONS) {
				violate(`stuck: no end after ${ACTIONS} actions`, path);
				continue;
			}
			for (const action of actions) await follow({ scenario, explored, reached, violate, options }, { world, path, action, left });
		}
	}
	return explored;
}

type Exploring = {
	readonly scenario: Scenario;
	readonly explored: Explored;
	readonly reached: (world: World, path: Path, left: number) => void;
	readonly violate: (says: string, path: Path) => void;
	readonly options: ExploreOptions;
};
type Followed = { readonly world: World; readonly path: Path | undefined; readonly action: Action; readonly left: number };

/** One action from one world, without a fault first, then with one fault more at every crossing that comes after the last. */
async function follow(
	{ scenario, explored, reached, violate, options }: Exploring,
	{ world, path, action, left }: Followed,
): Promise<void> {
	const merge = !('print' in options) || options.print !== undefined;
	/** Pasts within this action, with the most faults left that they were gone on from with. */
	const gone = new Map<string, number>();
	type Trial = { readonly plan: Plan; readonly left: number; readonly from: number; readonly crossings: readonly Crossing[] };
	let trials: Trial[] = [{ plan: noFault, left, from: 0, crossings: [] }];
	// Fewest faults first: what is pruned later was gone on from with at least as many left.
	while (trials.length > 0) {
		const next: Trial[] = [];
		for (const trial of trials) {
			const looks = { sites: trial.left > 0, pasts: merge && trial.left > 0 };
			const performed = await perform(scenario, world, action, trial.plan, looks);
			explored.transitions += 1;
			const move: Move = { action, plan: [...trial.plan] };
			const after: Path = { before: path, move, length: (path?.length ?? 0) + 1 };
			for (const says of wrongWith(performed)) violate(says, after);
			// Where somebody else goes first, a run may come to be driven while the sweeper looks.
			if (!move.plan.some(([, kind]) => kind === 'overtaken'))
				for (const says of takenUpThoughDriven(world, performed)) violate(says, after);
			count(explored, trial);
			reached(performed.world, after, trial.left);
			if (trial.left === 0) continue;
			for (const [index, crossing] of performed.crossings.entries()) {
				if (index < trial.from) continue;
				if (merge && crossing.past !== undefined) {
					if ((gone.get(crossing.past) ?? -1) >= trial.left) continue;
					gone.set(crossing.past, trial.left);
				}
				for (const kind of crossing.kinds) {
					if (options.kinds && !options.kinds.includes(kind)) continue;
					if (merge && trial.left < options.faults && hasFired(explored, crossing, kind)) {
						// After a first fault, what comes to the same is tried once, unless it has never been tried here.
						if (isLikeAnother(crossing.at, kind) || (kind === 'crash-after' && endsLikeTheNext(performed.crossings, index, options.kinds)))
							continue;
						if (kind === 'crash-before' && crossing.end !== undefined) {
							if ((gone.get(crossing.end) ?? -1) >= trial.left) continue;
							gone.set(crossing.end, trial.left);
						}
					}
					const plan = new Map(trial.plan).set(index, kind);
					next.push({ plan, left: trial.left - 1, from: index + 1, crossings: performed.crossings });
				}
			}
		}
		trials = next;
	}
}

/** Its process ends right after a call, or right before the next one that it makes: nothing that lasts lies between. */
function endsLikeTheNext(crossings: readonly Crossing[], index: number, tried: ExploreOptions['kinds']): boolean {
	const [crossing, next] = [crossings[index], crossings[index + 1]];
	if (crossing?.callers === undefined || next?.callers !== crossing.callers) return false;
	return next.kinds.includes('crash-before') && (tried?.includes('crash-before') ?? true);
}

const siteOf = ({ site, at }: Crossing): string => site ?? at;
const hasFired = ({ sites }: Explored, crossing: Crossing, kind: Kind): boolean => sites.get(siteOf(crossing))?.has(kind) === true;

/** What is told of a fault is what it befell: the crossing is the same in the run before it. */
function count({ fired, sites }: Explored, { plan, crossings }: { plan: Plan; crossings: readonly Crossing[] }): void {
	const last = [...plan].at(-1);
	if (!last) return;
	const [index, kind] = last;
	fired.set(kind, (fired.get(kind) ?? 0) + 1);
	const crossing = crossings[index];
	const site = crossing ? siteOf(crossing) : 'unknown';
	const kinds = sites.get(site) ?? new Map<Kind, number>();
	sites.set(site, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
}

export function movesOf(path: Path | undefined): Move[] {
	const moves: Move[] = [];
	for (let at = path; at; at = at.before) moves.push(at.move);
	return moves.reverse();
}
