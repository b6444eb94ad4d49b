import { expect, test } from 'vitest';
import { LedgerBroken, RunKeyLost, RunNotFound } from '../../core/ledger/read.ts';
import { CallDiverged, CallRefused } from '../../functions/intake/inline.ts';
import { MalformedEvent } from '../../functions/middleware/parsed.ts';
import { GuardRefused } from '../../functions/tool/tool.ts';
import { finalErrorComplaints } from './checks.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';
import { execute, failing } from './execution.ts';
import { runInput, stepInput } from './samples.ts';

/** From the classes, so that a new name for one of them is missed here. */
const nameOf = (error: Error): string => error.name;
const ledger = [new RunNotFound('r1'), new LedgerBroken('damaged')].map(nameOf);
const any = [...ledger, nameOf(new RunKeyLost('r1')), nameOf(new MalformedEvent('run: missing'))];
const intake = [...any, nameOf(new CallDiverged('another call')), nameOf(new CallRefused('no call'))];
const tool = [...any, nameOf(new GuardRefused('not yours'))];
/** `resume` seals no content, so it never misses a run's key. */
const resume = [...ledger, nameOf(new MalformedEvent('run: missing'))];

test.each([
	['agent-run', 'Plan', any],
	['step', 'Act', tool],
	['step', 'Settle', tool],
	['step', 'Intake', intake],
	['recover', 'Resume', resume],
] as const)('%s: %s', (machine, task, names) => {
	expect(finalErrorComplaints(machineOf(machine), task, names)).toEqual([]);
});

test.each(tool)('a step that meets %s asks once and fails', async (name) => {
	const act = failing(name);
	const execution = await execute(machineOf('step'), { input: stepInput(1), tasks: { Act: act.handler } });
	expect(act.given).toHaveLength(1);
	expect(execution).toMatchObject({ status: 'FAILED', error: 'StepInterrupted' });
});

test.each(any)('a run that meets %s plans once and fails', async (name) => {
	const plan = failing(name);
	const execution = await execute(machineOf('agent-run'), { input: runInput, tasks: { Plan: plan.handler } });
	expect(plan.given).toHaveLength(1);
	expect(execution).toMatchObject({ status: 'FAILED', error: 'RunInterrupted' });
});

test('control: a Retry of everything placed first is told', () => {
	const stubborn = altered('step', (definition) => stateNamed(definition, 'Act', 'Task').Retry?.reverse());
	expect(finalErrorComplaints(stubborn, 'Act', tool)).toEqual(tool.map((name) => `Act is tried again after ${name}`));
});
