/** A3: inputs, results and reasons stay in the ledger. What a state machine holds is in its history for 90 days. */
import { expect, test } from 'vitest';
import type { StepIds } from '../../core/ids.ts';
import { stepStatus } from '../../functions/guard/protocol.ts';
import type { PlanAnswer } from '../../functions/plan/plan.ts';
import type { ResumeAnswer } from '../../functions/resume/resume.ts';
import { type Machine, machineNames } from '../../statemachines/shape.ts';
import { contentComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

test.each(machineNames)('%s gives its tasks ids from the fields of their names', (name) => {
	expect(contentComplaints(machineOf(name))).toEqual([]);
});

const careless: [string, (payload: { [field: string]: unknown }) => unknown, string][] = [
	['a field of content', (payload) => Object.assign(payload, { 'input.$': '$.input' }), 'Act passes input.$ from $.input'],
	['the whole state', (payload) => Object.assign(payload, { 'run.$': '$' }), 'Act passes run.$ from $'],
	['a caught error', (payload) => Object.assign(payload, { 'reason.$': '$.error.Cause' }), 'Act passes reason.$ from $.error.Cause'],
	["another id's field", (payload) => Object.assign(payload, { 'epoch.$': '$.step' }), 'Act passes epoch.$ from $.step'],
	['text', (payload) => Object.assign(payload, { reason: 'because' }), 'Act passes reason from because'],
];
test.each(careless)('control: %s is told', (_, change, complaint) => {
	const leaking = altered('step', (definition) => change(Object(stateNamed(definition, 'Act', 'Task').Parameters.Payload)));
	expect(contentComplaints(leaking)).toEqual([complaint]);
});

test('control: a call on its way to anything but the intake is told', () => {
	const leaking = altered('step', (definition) =>
		Object.assign(Object(stateNamed(definition, 'Act', 'Task').Parameters.Payload), { 'call.$': '$.call' }),
	);
	expect(contentComplaints(leaking)).toEqual(['Act passes call.$ from $.call']);
});

test('control: all of the state as Payload is told', () => {
	const leaking = altered('step', (definition: Machine) => {
		stateNamed(definition, 'Act', 'Task').Parameters = { FunctionName: 'act', 'Payload.$': '$' };
	});
	expect(contentComplaints(leaking)).toEqual(['Act passes Payload.$', 'Act passes nothing']);
});

test('what functions answer is ids, numbers and verdicts: a field more must be put here, and thought about', () => {
	const step = { run: 'id', agent: 'id', epoch: 1, step: 1, tool: 'id', function: 'id', hint: 0 } satisfies Record<
		keyof StepIds,
		'id' | number
	>;
	const plan = { next: 'act', run: 'id', agent: 'id', epoch: 1, hint: 0, steps: [step] } satisfies Record<keyof PlanAnswer, unknown>;
	const resume = {
		...plan,
		next: 'start',
		why: 'resumed',
		name: 'id',
		pauseSeconds: 0,
	} satisfies Record<keyof ResumeAnswer, unknown>;
	// What agent-run keeps of a plan's answer is picked by name; nothing that is added to it gets in by itself.
	const kept = Object.keys(stateNamed(machineOf('agent-run'), 'Plan', 'Task').ResultSelector ?? {});
	expect(kept.map((field) => field.replace('.$', '')).sort()).toEqual(Object.keys(plan).sort());
	// The call that came along is not among what an execution goes on with.
	const taken = Object.keys(stateNamed(machineOf('step'), 'Intake', 'Task').ResultSelector ?? {});
	expect(taken.map((field) => field.replace('.$', '')).sort()).toEqual(Object.keys(step).sort());
	expect(Object.keys(resume)).toHaveLength(9);
	const status = new Set(stepStatus.options.flatMap(({ shape }) => Object.keys(shape)));
	expect([...status].sort()).toEqual(['attempts', 'status', 'waitSeconds']);
	expect(stepStatus.safeParse({ status: 'ended', output: 'content' }).success).toBe(false);
});
