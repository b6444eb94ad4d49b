/** The types make this list whole: a value more in an answer does not compile before it says here where it leads. */
import { expect, test } from 'vitest';
import { type StepStatus, stepStatus } from '../../functions/guard/protocol.ts';
import type { PlanAnswer } from '../../functions/plan/plan.ts';
import type { ResumeAnswer } from '../../functions/resume/resume.ts';
import type { Machine } from '../../statemachines/shape.ts';
import { routeComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

const plan: Record<PlanAnswer['next'], string> = {
	act: 'Steps',
	plan: 'Plan',
	'hand-over': 'HandOver',
	wait: 'Over',
	closed: 'Over',
	fenced: 'Over',
};
const step: Record<StepStatus['status'], string> = {
	'in-doubt': 'WaitOut',
	again: 'Pause',
	ended: 'Over',
	held: 'Over',
	fenced: 'Over',
	unrecorded: 'Interrupted',
};
const resume: Record<ResumeAnswer['next'], string> = { start: 'Pause', settle: 'Steps', nothing: 'Over' };

test("a plan's `next`", () => expect(routeComplaints(machineOf('agent-run'), 'Planned', plan)).toEqual([]));
test("a resume's `next`", () => expect(routeComplaints(machineOf('recover'), 'Resumed', resume)).toEqual([]));
test("a step's `status`, every one that the protocol's shape has", () => {
	expect(stepStatus.options.map(({ shape }) => shape.status.value).sort()).toEqual(Object.keys(step).sort());
	expect(routeComplaints(machineOf('step'), 'Acted', step)).toEqual([]);
});

test('each Choice looks at the field that its function answers', () => {
	const looksAt = (definition: Machine, name: string) =>
		new Set(stateNamed(definition, name, 'Choice').Choices.map(({ Variable }) => Variable));
	expect(looksAt(machineOf('agent-run'), 'Planned')).toEqual(new Set(['$.next']));
	expect(looksAt(machineOf('step'), 'Acted')).toEqual(new Set(['$.call', '$.step_status.is.status']));
	expect(looksAt(machineOf('recover'), 'Resumed')).toEqual(new Set(['$.resume.is.next']));
});

test('control: a misspelt value interrupts a step in doubt, and is told twice', () => {
	const misspelt = altered('step', (definition) => {
		for (const rule of stateNamed(definition, 'Acted', 'Choice').Choices)
			if ('StringEquals' in rule) rule.StringEquals = rule.StringEquals.replace('in-doubt', 'indoubt');
	});
	expect(routeComplaints(misspelt, 'Acted', step)).toEqual([
		'Acted routes in-doubt to Interrupted, not WaitOut',
		'Acted waits for indoubt, which nobody answers',
	]);
});
