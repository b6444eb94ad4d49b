/** What is seen of a schedule when it is over, for the checker; and which interesting things it came by, so that one sees it was not trivial. */
import type { Seen, Wanted } from '../checker/seen.ts';
import { seenOf } from '../checker/seen-of.ts';
import { keyedTools, toolNames } from './agent.ts';
import type { Plan, PlannedCall } from './plan.ts';
import { entriesOf } from './reports.ts';
import type { World } from './world.ts';

export function seen(world: World): Seen {
	const { agent, state, issuer, functions, sinks, desk, plan } = world;
	return seenOf({ ...functions, agent, state, issuer }, sinks, {
		sinks: Object.fromEntries(toolNames.map((name) => [name, name])),
		acts: desk.acts,
		rested: world.rested,
		lying: [...world.lied],
		runs: world.runs.map((run, index) => ({
			run,
			task: world.tasks[index] ?? null,
			told: 'ok',
			wanted: (plan.runs[index] ?? []).flat().map((call) => wanted(call, plan, world)),
		})),
	});
}

function wanted({ tool, what, cents }: PlannedCall, plan: Plan, world: World): Wanted {
	return {
		tool,
		input: { what, cents },
		spend: cents,
		...(keyedTools.includes(tool) && { key: what }),
		...(tool === 'book.post' && { adds: { table: 'book', key: what, attribute: 'posted', amount: cents } }),
		...(isSure({ tool, what }, plan, world) && { sure: true as const }),
	};
}

/** Nothing but crashes stood in its way, and not so many of them that its attempts were used up. */
function isSure({ tool, what }: Pick<PlannedCall, 'tool' | 'what'>, plan: Plan, { runs, state, desk }: World): boolean {
	if (plan.spend !== null || plan.asks === tool || plan.forbidden === what || keyedTools.includes(tool)) return false;
	if (desk.acts.some(({ is }) => is === 'stop')) return false;
	return !runs.some((run) =>
		entriesOf(state, run).some((entry) => entry.kind === 'decision' && entry.verdict === 'deny' && entry.reason === 'attempts'),
	);
}
