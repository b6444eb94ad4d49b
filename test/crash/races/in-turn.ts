/** One chosen schedule instead of a random one: everybody goes in the order of asking, and what happens is said. */
import { check, type FindingKind } from '../checker/check.ts';
import type { ToolName } from '../schedules/agent.ts';
import type { Happening, Plan } from '../schedules/plan.ts';
import { seen } from '../schedules/seen.ts';
import type { Order } from '../schedules/turns.ts';
import { type Naive, play, type World } from '../schedules/world.ts';

function inTurn(): Order {
	const waiting: (() => void)[] = [];
	return {
		schedule: (task) => new Promise((resolve) => void waiting.push(() => resolve(task))),
		count: () => waiting.length,
		waitOne: async () => waiting.shift()?.(),
	};
}

/** What happens to the first crossing of this kind. */
export const once = (where: Happening['where'], what: Happening['what'], at = 0): Happening => ({ at, where, times: 1, what });

export type Scene = { readonly world: World; readonly findings: readonly FindingKind[] };

/** Runs of one call each, with clocks that are right, seen to their ends and checked. */
export async function scene(
	tools: readonly ToolName[],
	happenings: readonly Happening[],
	naive: Naive = {},
	more: Partial<Plan> = {},
): Promise<Scene> {
	const plan: Plan = {
		runs: tools.map((tool) => [[{ tool, what: 'a', cents: 1 }]]),
		spend: null,
		asks: null,
		forbidden: null,
		skewsMs: [0],
		warm: [false],
		host: 'takes-its-processes',
		rule: true,
		prompt: true,
		hasty: true,
		happenings,
		...more,
	};
	const world = await play(plan, inTurn(), naive);
	return { world, findings: check(seen(world)).map(({ kind }) => kind) };
}
