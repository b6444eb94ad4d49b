/** Ledgers that are long already: more entries than one query reads, a checkpoint that is due, an execution that hands over. */
import * as z from 'zod';
import { ENTRIES_PER_CHECKPOINT, ENTRIES_PER_EXECUTION, ENTRIES_PER_QUERY } from '../../../../core/bounds.ts';
import type { Planner } from '../../../../index.ts';
import { call, scripted } from '../../../doubles/clerk.ts';
import type { World } from '../../world/world.ts';
import { errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

const idle = z.object({ refused: z.number().default(0), remembered: z.number().default(0) });

/** Plans that are refused are an entry each, and so is memory alone; after so many it does its errand. */
const dawdling: Planner = (situation) => {
	const { refused, remembered } = idle.parse(situation.task);
	if (situation.happened.filter((one) => 'refusedPlan' in one).length < refused) return { calls: [] } as never;
	const turns = Number(situation.memory ?? 0);
	return turns < remembered ? { memory: turns + 1 } : scripted(situation);
};
const budget = { steps: 100, turns: 10 * ENTRIES_PER_EXECUTION };
/** Long before the bound, which changes nothing but how long there is to read. */
const HANDS_OVER = 120;
/** More than a warm process keeps of a run. */
const LONG = 160;
const hasEntries =
	(entries: number) =>
	({ state }: World) =>
		(state.chains.get(RUN)?.length ?? 0) >= entries;

export const long: readonly Listed[] = [
	{
		name: 'clerk: a checkpoint is due',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('pay.send')]] },
				task: { refused: ENTRIES_PER_CHECKPOINT - 6 },
				agent: { planner: dawdling, budget },
				until: hasEntries(ENTRIES_PER_CHECKPOINT - 5),
			}),
	},
	{
		name: 'clerk: more entries than one query reads',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('parcel.send')]] },
				task: { refused: ENTRIES_PER_QUERY + 5 },
				agent: { planner: dawdling, budget },
				until: hasEntries(ENTRIES_PER_QUERY + 6),
			}),
	},
	{
		// A process that has read so much keeps part of it, and reads the rest again once it has lost its place.
		name: 'clerk: a planner is overtaken in a long run',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [] },
				task: { refused: LONG },
				agent: { planner: dawdling, budget },
				until: hasEntries(LONG + 1),
				operations: [
					{
						name: 'freeze and thaw',
						asks: { function: 'freeze-and-thaw-run', event: { run: RUN, by: 'local:alice', reason: 'because' } },
						run: RUN,
						when: 'any',
					},
				],
			}),
	},
	{
		name: 'clerk: an execution hands over',
		thousands: 59,
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('file.read')]] },
				task: { remembered: HANDS_OVER + 1 },
				agent: { planner: dawdling, budget },
				entriesPerExecution: HANDS_OVER,
				until: hasEntries(HANDS_OVER - 1),
			}),
	},
];
