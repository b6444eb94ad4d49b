/** S5: a planner that never answers is asked again with backoff, a bounded number of times; then the run waits for a person. */
import { expect, test } from 'vitest';
import { RESUMES_WITHOUT_PROGRESS } from '../../core/bounds.ts';
import { status } from '../../functions/status/status.ts';
import type { AgentSpec } from '../../index.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { die } from '../doubles/mortal.ts';
import { outsideWorld } from '../doubles/outside.ts';

const resumed = Array.from({ length: RESUMES_WITHOUT_PROGRESS }, (_, index) => `resumed ${index + 1}: recovery`);
const failing: [string, () => Promise<never>][] = [
	[
		'throws',
		async () => {
			throw new Error('the model is out of order');
		},
	],
	['ends its process', () => die()],
	['hangs', () => die('Sandbox.Timedout')],
];

test.for(failing)('%s: stuck after five resumes; taken up by a person, it goes on', async ([, fails]) => {
	let works = false;
	const planner: AgentSpec['planner'] = ({ happened }) => {
		if (!works) return fails();
		return happened.length > 0 ? { finish: null } : { calls: [call('file.read')] };
	};
	const desk = install({ agent: clerk(outsideWorld(), { planner }) });
	await desk.run(null);
	expect(desk.lines()).toEqual(['opened', ...resumed]);
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ status: 'stuck', waiting: [{ for: 'resume' }] });
	await desk.recover(RUN, 'recovery');
	expect(desk.lines()).toHaveLength(1 + RESUMES_WITHOUT_PROGRESS);

	works = true;
	await desk.recover(RUN, 'person');
	expect(desk.lines().slice(1 + RESUMES_WITHOUT_PROGRESS)).toEqual([
		'resumed 6: person',
		'planned 1',
		'granted 1.1',
		'done 1.1 by tool',
		'closed: finished',
	]);
});

test('the pauses grow, from the third resume on', async () => {
	const planner: AgentSpec['planner'] = () => Promise.reject(new Error('the model is out of order'));
	const desk = install({ agent: clerk(outsideWorld(), { planner }) });
	await desk.run(null);
	const pauses = desk.invocations.flatMap(({ function: name, answer }) => (name === 'resume' ? [Object(answer).pauseSeconds] : []));
	expect(pauses.slice(0, RESUMES_WITHOUT_PROGRESS)).toEqual([0, 1, 2, 4, 8]);
});

test('what it threw is in its own log, and nowhere a state machine sees', async () => {
	const planner: AgentSpec['planner'] = () => Promise.reject(new Error('prompt: the customer said …'));
	const desk = install({ agent: clerk(outsideWorld(), { planner }) });
	await desk.run(null);
	expect(desk.logged).toContainEqual({ name: 'Error', message: 'prompt: the customer said …' });
	const seen = desk.invocations.flatMap(({ error }) => (error ? [error] : []));
	expect(seen.length).toBeGreaterThan(0);
	for (const error of seen) expect(error).toEqual({ name: 'FunctionFailed', message: 'see the log of the function' });
});
