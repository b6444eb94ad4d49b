/** An agent with one tool of each effect class and fence, and worlds in which it is to run errands. */
import type { Agent } from '../../../../core/agent/agent.ts';
import type { Policies } from '../../../../core/ports.ts';
import type { AgentSpec } from '../../../../index.ts';
import { askedBy, type call, clerk, plans, sinks, TIMEOUT_SECONDS } from '../../../doubles/clerk.ts';
import type { Outside } from '../../../doubles/outside.ts';
import type { Wanted } from '../../checker/seen.ts';
import { type Action, choices } from '../../world/choices.ts';
import { noFault } from '../../world/crossing.ts';
import { installationOf } from '../../world/installation.ts';
import { perform } from '../../world/perform.ts';
import type { Operation, Scenario } from '../../world/scenario.ts';
import { sinksOf, type Targets } from '../../world/sinks.ts';
import { emptyWorld, type World } from '../../world/world.ts';

export const RUN = 'run-1';
const timeoutMs = TIMEOUT_SECONDS * 1000;
export const clerkTargets: Targets = {
	file: { timeoutMs },
	draft: { timeoutMs },
	pay: { timeoutMs, honoursKeys: true, fencedBy: 'runtime' },
	trace: { timeoutMs, honoursKeys: true, fencedBy: 'runtime' },
	parcel: { timeoutMs, fencedBy: 'credentials' },
	letter: { timeoutMs, fencedBy: 'runtime' },
};
/** Keeps no account of what it was asked, which would be all that is ever explored. */
const allowing: Policies = {
	digest: 'fa'.repeat(32),
	decide: () => ({ verdict: 'allow', policies: ['fake'], errors: [] }),
	decideWithoutInput: () => ({ verdict: 'depends', policies: ['fake'] }),
};
export type Called = ReturnType<typeof call>;

export type Errand = Partial<Pick<Scenario, 'targets' | 'policies' | 'answers' | 'orders' | 'operations' | 'sweeper'>> & {
	/** The plans of each run. */
	readonly plans: { readonly [run: string]: readonly (readonly Called[])[] };
	/** What stands in a task beside its plans. */
	readonly task?: { readonly [name: string]: number };
	readonly agent?: Partial<AgentSpec> & Parameters<typeof clerk>[1];
	/** Nobody plans: calls come from outside. */
	readonly driver?: 'outside';
	/** Something besides crashes may stand in the calls' way. */
	readonly unsure?: true;
	readonly want?: (call: Called) => Partial<Wanted>;
	/** Runs are opened among everything else that goes on; otherwise before it. */
	readonly opens?: true;
	/** Executions hand over after fewer entries than the bound. */
	readonly entriesPerExecution?: number;
	/** How long the target of `parcel.send` may hide what it has done. */
	readonly visibleWithinMs?: number;
	/** Goes on undisturbed until then. */
	readonly until?: (world: World) => boolean;
};

export function errand(
	name: string,
	{ plans: planned, task, agent: spec, driver, unsure, want, opens, until, entriesPerExecution, visibleWithinMs, ...rest }: Errand,
): Scenario {
	const targets = rest.targets ?? clerkTargets;
	const policies = rest.policies ?? allowing;
	const declared = slower(clerk(sinksOf() as Outside, spec), visibleWithinMs);
	const agent: Agent = driver === 'outside' ? { ...declared, planner: undefined } : declared;
	const runs = Object.keys(planned);
	const taskOf = (run: string) => ({ ...Object(plans(...(planned[run] ?? []).map((calls) => [...calls]))), ...task });
	const wantedOf = (run: string): Wanted[] => {
		const calls = (planned[run] ?? []).flat();
		return askedBy(taskOf(run)).map((asked, index) => {
			const called = calls[index];
			return { ...asked, ...(!unsure && { sure: true as const }), ...(called && want?.(called)) };
		});
	};
	const opening = runs.map(
		(run): Operation => ({
			name: `open ${run}`,
			asks: { function: 'open', event: { run, task: taskOf(run) } },
			run,
			when: 'any',
			...(driver !== 'outside' && { starts: 'first' as const }),
		}),
	);
	const scenario: Scenario = {
		answers: () => 'look',
		...rest,
		name,
		targets,
		policies,
		sinks,
		agent,
		installation: installationOf(agent, policies, { entriesPerExecution }),
		runs,
		wanted: runs.map((run) => ({ run, task: taskOf(run), wanted: wantedOf(run) })),
		operations: [...(opens ? opening : []), ...(rest.operations ?? [])],
		begin: async () => {
			const opened = opens ? emptyWorld() : await operated({ ...scenario, operations: opening });
			return until ? undisturbed(scenario, opened, until) : opened;
		},
	};
	return scenario;
}

function slower(agent: Agent, visibleWithinMs: number | undefined): Agent {
	const parcel = agent.tools.get('parcel.send');
	if (!parcel || visibleWithinMs === undefined) return agent;
	return { ...agent, tools: new Map(agent.tools).set('parcel.send', { ...parcel, visibleWithinMs }) };
}

export async function operated(scenario: Scenario): Promise<World> {
	let world = emptyWorld();
	for (const { name } of scenario.operations ?? []) world = (await perform(scenario, world, { is: 'operate', name }, noFault)).world;
	return world;
}

/** Runs beside each other come along together. */
function furthestBehind(world: World, actions: readonly Action[]): Action | undefined {
	const entries = (action: Action): number => {
		const execution = action.is === 'task' ? world.executions.find(({ id }) => id === action.address.execution) : undefined;
		return execution ? (world.state.chains.get(execution.run)?.length ?? 0) : 0;
	};
	return actions.toSorted((left, right) => entries(left) - entries(right))[0];
}

/** Nothing that is undisturbed takes more actions. */
const ACTIONS = 5_000;
export async function undisturbed(scenario: Scenario, begin: World, until: (world: World) => boolean): Promise<World> {
	let world = begin;
	for (let actions = 0; actions < ACTIONS; actions += 1) {
		if (until(world)) return world;
		const next = furthestBehind(world, await choices({ ...scenario, operations: [], orders: 'all' }, world));
		if (!next) break;
		world = (await perform(scenario, world, next, noFault)).world;
	}
	throw new Error(`${scenario.name} never comes to where it is to begin`);
}
