// S5: every run ends, waits for a person, or is taken up again. The rule on an execution's end may lose its event; a sweep does not.
import { expect, test } from 'vitest';
import { stepExecution } from '../../client/call.ts';
import { decide } from '../../functions/decide/decide.ts';
import { freezeRun } from '../../functions/freeze/freeze.ts';
import { intake } from '../../functions/intake/intake.ts';
import { open } from '../../functions/open/open.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { QUIET_MS, sweeper } from './sweeping.ts';

const task = plans([call('letter.send')]);
const opened = async (desk: Installation, run = RUN) => open({ run, task, by: BY }, { ...desk.operator, code: '0'.repeat(64) });
const later = (desk: Installation) => desk.clock.advance(QUIET_MS);

test('a run whose first execution was never started is recovered', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	later(desk);
	const { sweep, started } = sweeper(desk);
	expect(await sweep()).toMatchObject({ seen: 1, recovered: [RUN], unread: [], after: undefined });
	expect(started).toEqual([{ run: RUN, name: expect.stringMatching(/^run-1\.0\.0\.[0-9a-z]+$/) }]);
});

test('a run that went on a moment ago is left alone', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ seen: 1, recovered: [] });
});

test('a run whose execution is under way is left alone, however long it has been quiet: it may be waiting out an attempt', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	desk.clock.advance(100 * QUIET_MS);
	const { sweep, setRunning } = sweeper(desk);
	setRunning('agent-run', `${RUN}-0`);
	expect(await sweep()).toMatchObject({ recovered: [] });
});

test('a finished run is read once, and a warm sweep does not ask for it again', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(task);
	later(desk);
	const { sweep, around } = sweeper(desk);
	expect(await sweep()).toMatchObject({ seen: 1, recovered: [] });
	expect([...around.over]).toEqual([RUN]);
	const blind = { ...around.store.ledger, latest: () => Promise.reject(new Error('asked again')) };
	expect(await sweeper(desk, { over: around.over, store: { ...around.store, ledger: blind } }).sweep()).toMatchObject({ unread: [] });
});

test('a hold that nobody answered is left alone; answered, and its recovery lost, it is stuck', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	later(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [] });
	await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: { receipt: 'r' }, note: 'seen' } }, desk.operator);
	later(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [RUN] });
});

test('a frozen run waits for its thaw', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	await freezeRun(RUN, { is: 'freeze', by: BY, reason: 'wait' }, desk.operator);
	later(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [] });
	await freezeRun(RUN, { is: 'thaw', by: BY, reason: 'go' }, desk.operator);
	later(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [RUN] });
});

test('a run driven from outside: what it left open is settled, unless that is under way; without open steps it waits for its agent', async () => {
	const desk = install({ agent: { ...clerk(outsideWorld()), planner: undefined } });
	await opened(desk);
	later(desk);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [] });
	await intake({ run: RUN, first: 1, calls: [call('letter.send')] }, desk.operator);
	later(desk);
	const settling = sweeper(desk);
	settling.setRunning('recover', `${RUN}.0.1.abc`);
	expect(await settling.sweep()).toMatchObject({ recovered: [] });
	// A client that waits for its call names the step's execution so.
	const calling = sweeper(desk);
	const taken = { is: 'known', run: RUN, agent: 'clerk', epoch: 0, hint: 0, steps: [{ step: 1, tool: 'letter.send', place: 1 }] } as const;
	calling.setRunning('step', stepExecution({ ...taken, steps: [...taken.steps] }, 0));
	expect(await calling.sweep()).toMatchObject({ recovered: [] });
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [RUN] });
});

test('sweeps that race start one recovery, and one that failed is made again later', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	later(desk);
	const { sweep, started } = sweeper(desk);
	await Promise.all([sweep(), sweep()]);
	expect(started).toHaveLength(1);
	desk.clock.advance(600_000);
	await sweep();
	expect(started).toHaveLength(2);
});

test('not knowing whether something drives a run recovers nothing, and keeps no other from being taken up', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	for (const run of ['run-a', 'run-b', 'run-c']) await opened(desk, run);
	const damaged = desk.state.chains.get('run-b')?.[0];
	if (damaged) desk.state.chains.set('run-b', [{ ...damaged, body: damaged.body.replace('"v":1', '"v":2') }]);
	later(desk);
	const { sweep } = sweeper(desk);
	expect(await sweep()).toMatchObject({ seen: 3, recovered: ['run-a', 'run-c'], unread: [{ run: 'run-b', error: 'LedgerBroken' }] });
});

test('out of time, it stops and says where the next one goes on', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	const runs = Array.from({ length: 40 }, (_, index) => `run-${String(index).padStart(2, '0')}`);
	for (const run of runs) await opened(desk, run);
	later(desk);
	let looks = 0;
	const first = sweeper(desk, { remainingMs: () => (looks++ < 1 ? 900_000 : 0) });
	const stopped = await first.sweep();
	expect(stopped).toMatchObject({ seen: 16, after: 'run-15' });
	const second = sweeper(desk);
	expect(await second.sweep(stopped.after)).toMatchObject({ seen: 24, after: undefined });
	expect([...first.recovered(), ...second.recovered()].sort()).toEqual(runs);
});

test('what a sweep starts does take the run to its end', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await opened(desk);
	later(desk);
	const { sweep, recovered } = sweeper(desk);
	await sweep();
	for (const run of recovered()) await desk.recover(run, 'recovery');
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(desk.check()).toMatchObject({ is: 'whole' });
});

test('control: a sweep that looks at the last entry only would never take up an answered hold', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	const naive = () => !desk.entries().some((entry) => entry.kind === 'decision' && entry.verdict === 'hold');
	await decide({ run: RUN, by: BY, answer: { is: 'failed', step: 1, note: 'no' } }, desk.operator);
	later(desk);
	expect(naive()).toBe(false);
	expect(await sweeper(desk).sweep()).toMatchObject({ recovered: [RUN] });
});
