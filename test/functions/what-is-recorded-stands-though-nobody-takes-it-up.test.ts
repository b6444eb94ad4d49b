// A crash, or a state machine that can't be reached, between an answer and its recovery costs a wait for the sweeper, never the answer.
import { expect, test } from 'vitest';
import type { Executions } from '../../core/ports.ts';
import { takeUp } from '../../functions/resume/take-up.ts';
import { settableClock } from '../doubles/time.ts';

const machines = (start: Executions['start']): Executions => ({ start, isRunning: async () => false, running: async () => [] });

test('the run is recovered under a name of its own', async () => {
	const started: unknown[] = [];
	const executions = machines(async (machine, execution) => {
		started.push([machine, execution]);
		return 'started';
	});
	await takeUp('run-1', 'answer', { executions, clock: settableClock(), log: () => {} });
	expect(started).toEqual([
		['recover', { name: expect.stringMatching(/^run-1\.answer\.[0-9a-z]+$/), input: { run: 'run-1', reason: 'answer' } }],
	]);
});

test('what fails is logged by ids and names, and thrown to nobody', async () => {
	const logged: unknown[] = [];
	const executions = machines(() => Promise.reject(Object.assign(new Error('quotes something'), { name: 'MachineUnavailable' })));
	await takeUp('run-1', 'answer', { executions, clock: settableClock(), log: (line) => logged.push(line) });
	expect(logged).toEqual([{ name: 'MachineUnavailable', message: 'run run-1 was not taken up; the next sweep will' }]);
});
