/** What the planner knows: how each step ended. Folded from its memory and from what happened since, so it can be restarted anywhere. */
import type { Happened, Json } from 'throughline';
import * as z from 'zod';

const end = z.object({
	step: z.int(),
	tool: z.string(),
	input: z.json(),
	ended: z.enum(['done', 'failed', 'denied']),
	result: z.json().optional(),
	reason: z.string().optional(),
});
export type End = z.infer<typeof end>;

const progress = z.object({
	ends: z.array(end),
	/** Why plans were refused as a whole. */
	refused: z.array(z.string()),
});
/**
 * Holds ends only, never what was merely proposed: whether a proposal was recorded is for the ledger to say. So memory saved
 * a moment before or after a crash leads to the same next plan.
 */
export type Progress = z.infer<typeof progress>;

/** Folding the same ends twice changes nothing; the first word on a step stands. */
export function foldProgress(memory: Json | undefined, happened: readonly Happened[]): Progress {
	const before = memory === undefined ? { ends: [], refused: [] } : progress.parse(memory);
	const ends = new Map(before.ends.map((each) => [each.step, each]));
	for (const each of happened) {
		if ('step' in each && !ends.has(each.step)) ends.set(each.step, end.parse(each));
	}
	const refused = happened.flatMap((each) => ('refusedPlan' in each ? [each.refusedPlan] : []));
	return { ends: [...ends.values()].sort((a, b) => a.step - b.step), refused: [...before.refused, ...refused] };
}

export function endOf({ ends }: Progress, tool: string): End | undefined {
	return ends.find((each) => each.tool === tool);
}

export function toJson({ ends, refused }: Progress): Json {
	return {
		ends: ends.map(({ step, tool, input, ended, result, reason }) => ({
			step,
			tool,
			input,
			ended,
			...(result === undefined ? {} : { result }),
			...(reason === undefined ? {} : { reason }),
		})),
		refused,
	};
}
