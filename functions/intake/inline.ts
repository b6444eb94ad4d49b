/**
 * A call that came along with the execution of its step: the state machine has it recorded, and goes on with ids alone.
 * What it was started with stays in its history all the same.
 */
import { type StepIds, toolFunction } from '../../core/ids.ts';
import { type IntakeSurroundings, intake } from './intake.ts';

export type InlineEvent = { readonly run: string; readonly step: number; readonly call: unknown };

/** Another call stands under this number. Final. */
export class CallDiverged extends Error {
	override name = 'CallDiverged';
}
/** The call can't be recorded as it is. Final. */
export class CallRefused extends Error {
	override name = 'CallRefused';
}

/** The step as its execution goes on with it. @throws CallDiverged, CallRefused */
export async function inline({ run, step, call }: InlineEvent, around: IntakeSurroundings): Promise<StepIds> {
	const answer = await intake({ run, first: step, calls: [call] }, around);
	if (answer.is === 'diverged') throw new CallDiverged(`step ${step} of run ${run} is another call; take the number that is next`);
	if (answer.is === 'refused') throw new CallRefused(answer.why);
	const { agent, epoch, hint, steps } = answer;
	const tool = steps[0]?.tool ?? '';
	return { run, agent, epoch, step, tool, function: toolFunction(agent, tool), hint };
}
