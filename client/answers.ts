/** What an installation answers, parsed: whatever has another shape is no answer. */
import * as z from 'zod';
import { runId, toolName } from '../core/ids.ts';
import { UnexpectedAnswer } from './doors.ts';

const count = z.int().min(0);
const step = z.int().min(1);
const why = z.string();
const refused = z.object({ is: z.literal('refused'), why });

export const openAnswer = z.discriminatedUnion('is', [
	z.object({ is: z.literal('opened'), run: runId }),
	z.object({ is: z.literal('exists'), run: runId, agent: z.string(), same: z.boolean().nullable() }),
	refused,
]);

const taken = {
	run: runId,
	agent: z.string(),
	epoch: count,
	hint: count,
	steps: z.array(z.object({ step, tool: toolName, place: count })).length(1),
};
export const intakeAnswer = z.discriminatedUnion('is', [
	z.object({ is: z.literal('recorded'), ...taken }),
	z.object({ is: z.literal('known'), ...taken }),
	z.object({ is: z.literal('diverged'), step }),
	refused,
]);
export type Taken = Extract<z.infer<typeof intakeAnswer>, { epoch: number }>;

export const checkpointAnswer = z.discriminatedUnion('is', [
	z.object({ is: z.enum(['kept', 'known', 'overtaken']), run: runId, place: count }),
	refused,
]);

const ended = { step, tool: z.string(), by: z.string(), at: z.string() };
export const stepStanding = z.discriminatedUnion('is', [
	z.object({ is: z.literal('unrecorded'), step }),
	z.object({ is: z.literal('open'), step, tool: z.string() }),
	z.object({
		is: z.literal('waiting'),
		step,
		tool: z.string(),
		for: z.enum(['approval', 'doubt', 'contradiction', 'thaw']),
		since: z.string(),
		shown: z.string().optional(),
	}),
	z.object({ is: z.literal('done'), ...ended, result: z.json(), reason: z.string().optional() }),
	z.object({ is: z.enum(['failed', 'denied']), ...ended, reason: z.string() }),
]);
export type StepStanding = z.infer<typeof stepStanding>;

export const standingAnswer = z.discriminatedUnion('is', [
	z.object({
		is: z.literal('standing'),
		run: runId,
		agent: z.string(),
		status: z.string(),
		epoch: count,
		nextStep: step,
		left: z.object({ steps: z.int(), spend: z.int().nullable() }),
		steps: z.array(stepStanding),
		memory: z.object({ place: count, memory: z.json() }).nullable().optional(),
	}),
	refused,
]);
export type Standing = Extract<z.infer<typeof standingAnswer>, { is: 'standing' }>;

export const closeAnswer = z.discriminatedUnion('is', [
	z.object({ is: z.literal('closed'), stillOpen: z.array(step) }),
	z.object({ is: z.literal('closed-before'), how: z.string() }),
]);

/** @throws UnexpectedAnswer, which says where, and nothing of what came. */
export function read<T>(shape: z.ZodType<T>, answer: unknown, door: string): T {
	const parsed = shape.safeParse(answer);
	if (parsed.success) return parsed.data;
	const where = parsed.error.issues[0]?.path.slice(0, 2).join('.') || 'all of it';
	throw new UnexpectedAnswer(`${door} answered what no ${door} answers (${where}); are client and installation of one version?`);
}
