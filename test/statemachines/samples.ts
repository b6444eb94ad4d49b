/** Executions' inputs, and what functions answer them. */
import type { StepIds } from '../../core/ids.ts';
import { toolFunction } from '../../core/ids.ts';
import type { StepStatus } from '../../functions/guard/protocol.ts';
import type { PlanAnswer } from '../../functions/plan/plan.ts';
import { executionName, type ResumeAnswer } from '../../functions/resume/resume.ts';

const run = 'run-7';
const agent = 'refund-desk';
const tool = 'payments.refund';

export const stepInput = (step: number): StepIds => ({ run, agent, epoch: 1, step, tool, function: toolFunction(agent, tool), hint: 3 });

/** A plan's answer, with the steps numbered so. */
export const planned = (next: PlanAnswer['next'], ...steps: number[]): PlanAnswer => ({
	next,
	run,
	agent,
	epoch: 1,
	hint: 3,
	steps: steps.map(stepInput),
});

export const runInput = { run, agent, epoch: 1, hint: 0 };

export const resumed = (next: ResumeAnswer['next'], more: Partial<ResumeAnswer> = {}): ResumeAnswer => ({
	next,
	why: next === 'nothing' ? 'closed' : 'resumed',
	run,
	agent,
	epoch: 2,
	name: executionName(run, 2),
	hint: 3,
	pauseSeconds: 0,
	steps: [],
	...more,
});

export const recoverInput = { run, reason: 'recovery' };

/** A step's status as a tool's function answers it: checked to be one. */
export const status = (said: StepStatus): StepStatus => said;
