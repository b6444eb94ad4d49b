/**
 * Step Functions ends an execution at 25,000 history events. The bound on entries is held against the definitions themselves: whoever
 * gives a state one more retry learns here what it costs.
 */
import { expect, test } from 'vitest';
import { ATTEMPTS_PER_STEP, CALLS_PER_INTENT, ENTRIES_PER_EXECUTION, HISTORY_EVENTS, LOOKUPS_PER_STEP } from '../../core/bounds.ts';
import { eventsPerEntry, mostEvents, mostStepEvents, turnEvents } from '../../statemachines/history.ts';
import type { Machine } from '../../statemachines/shape.ts';
import { altered, machineOf, stateNamed } from './definitions.ts';

const run = machineOf('agent-run');
const most = (machine: Machine) => mostEvents(machine, { entries: ENTRIES_PER_EXECUTION, calls: CALLS_PER_INTENT });

test('the numbers that the bound states are those of the definition', () => {
	for (const steps of [1, 7, CALLS_PER_INTENT]) expect(turnEvents(run, { steps, trying: 'most' })).toBe(17 + 12 * steps);
	expect(turnEvents(run, { steps: 0, trying: 'most' })).toBe(13);
	expect(eventsPerEntry(run, CALLS_PER_INTENT)).toBe(14.5);
	expect(most(run)).toBe(22_589);
});

test('an execution that hands over after so many entries, everything tried again, stays within its history', () => {
	expect(most(run)).toBeLessThan(HISTORY_EVENTS);
});

test('a step in its own execution stays far within it, however often it is in doubt', () => {
	expect(mostStepEvents(machineOf('step'), { attempts: ATTEMPTS_PER_STEP, lookups: LOOKUPS_PER_STEP })).toBeLessThan(HISTORY_EVENTS / 10);
});

test('control: two more retries of a step, and the bound no longer holds', () => {
	const eager = altered('agent-run', (definition) => {
		const [last] = (stateNamed(definition, 'Step', 'Task').Retry ?? []).slice(-1);
		if (last) last.MaxAttempts += 2;
	});
	expect(most(eager)).toBeGreaterThan(HISTORY_EVENTS);
});

test('control: so does a bound twice as large', () => {
	expect(mostEvents(run, { entries: 2 * ENTRIES_PER_EXECUTION, calls: CALLS_PER_INTENT })).toBeGreaterThan(HISTORY_EVENTS);
});
