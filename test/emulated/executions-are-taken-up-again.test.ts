/**
 * Executions are stopped in the middle. The rule on their end has the run recovered; and what arrives while nothing runs is waited for
 * by nobody.
 */
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { emulatedDesk, type Said } from './desk/emulated-desk.ts';
import { stopping } from './desk/stopping.ts';
import { killWorkers } from './desk/workers.ts';
import { tellingProxy } from './proxy/control.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const proxy = tellingProxy(account.control);
const { stoppedInTheMidst, refundsOf } = stopping({ account, desk });

test('the rule on its end recovers it', async () => {
	const run = await stoppedInTheMidst('rule');
	await desk.finished(run);
	const recovered = await desk.executions('RecoverMachine', '');
	const inputs = await Promise.all(recovered.map(({ executionArn }) => desk.describe(executionArn ?? '')));
	expect(inputs.map(({ input }) => JSON.parse(input ?? '{}'))).toContainEqual({ run: `${run}-0`, reason: 'interrupted' });
	expect((await desk.look(run)).epoch).toBe(1);
	expect(refundsOf(run)).toBe(1);
});

test('an approval that takes a restart to arrive is recorded once and acted on once', async () => {
	const task = ticketOf('t-02-needs-approval', 'ask');
	await desk.open(task.id, task);
	const step = await desk.waits(task.id, 'approval');
	await desk.until('no execution waits with it', async () => {
		const [first] = await desk.executions('AgentRunMachine', `${task.id}-0`);
		return first?.status === 'SUCCEEDED' ? true : undefined;
	});
	// Everything that ran is gone; the question stands in the ledger.
	killWorkers(account.group, () => true);
	// The function that takes the answer dies between recording it and having the run taken up.
	const start = await proxy.interfere({
		service: 'states',
		operation: 'StartExecution',
		caller: '/throughline-dev-decide',
		do: { is: 'hold', when: 'before' },
	});
	let isRecorded = false;
	// The emulator sends a request to a warm worker that was just killed, once: it answers 502 and has done nothing.
	const approving = async (): Promise<Said> => {
		const said = await desk.approve(task.id, step ?? 0);
		return said.status === 502 && !isRecorded ? approving() : said;
	};
	const first = approving();
	await desk.until('the answer is recorded', async () => ((await start.standing()).waiting > 0 ? true : undefined));
	isRecorded = true;
	killWorkers(account.group, (name) => name === 'decide');
	await desk.until('the killed process is gone', async () => ((await start.standing()).gone > 0 ? true : undefined));
	await start.lift();
	expect(await first).toMatchObject({ status: 502 });
	const entries = await desk.entries(task.id);
	expect(entries.filter(({ kind }) => kind === 'approval')).toHaveLength(1);
	expect(await desk.approve(task.id, step ?? 0)).toMatchObject({ body: { is: 'refused' } });
	// Nobody was told to take it up. Starting recover by hand is what a person has who does not want to wait for the sweeper.
	await desk.recover(task.id);
	await desk.finished(task.id);
	expect(refundsOf(task.id)).toBe(1);
});

afterAll(async () => {
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
