/**
 * Executions are stopped in the middle. The rule on their end has the run recovered; where its event never arrives, the sweeper
 * has; and what arrives while nothing runs is waited for by nobody.
 */
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { effectsOf } from '../../local/demo/outside.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killWorkers } from './desk/workers.ts';
import { tellingProxy } from './proxy/control.ts';
import { type Copy, ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const proxy = tellingProxy(account.control);
const refundsOf = (run: string): number =>
	effectsOf(account.worldDirectory).filter((one) => one.run === run && one.tool === 'payments.refund').length;

/** Stops a ticket's execution, and the steps under it, with a refund made that nobody was told of. */
async function stoppedInTheMidst(copy: Copy): Promise<string> {
	const task = ticketOf('t-01-small-refund', copy);
	const report = await proxy.interfere({
		service: 'lambda',
		operation: 'Invoke',
		says: `"ask":"report","run":"${task.id}"`,
		caller: '/throughline-dev-refund-desk_payments_refund',
		do: { is: 'hold', when: 'before' },
	});
	await desk.open(task.id, task);
	await desk.until('the refund is made', async () => ((await report.standing()).waiting > 0 ? true : undefined));
	const [running] = await desk.executions('AgentRunMachine', `${task.id}-0`);
	await desk.stop(running?.executionArn ?? '');
	killWorkers(account.group, (name) => name === 'refund-desk_payments_refund');
	await desk.until('the killed process is gone', async () => ((await report.standing()).gone > 0 ? true : undefined));
	await report.lift();
	return task.id;
}

test('the rule on its end recovers it', async () => {
	const run = await stoppedInTheMidst('rule');
	await desk.finished(run);
	const recovered = await desk.executions('RecoverMachine', '');
	const inputs = await Promise.all(recovered.map(({ executionArn }) => desk.describe(executionArn ?? '')));
	expect(inputs.map(({ input }) => JSON.parse(input ?? '{}'))).toContainEqual({ run: `${run}-0`, reason: 'interrupted' });
	expect((await desk.look(run)).epoch).toBe(1);
	expect(refundsOf(run)).toBe(1);
});

// The quiet time after which a sweep takes a run up is two minutes. It is waited out: nothing here is told to hurry.
test('the sweeper recovers it where no event arrives', { timeout: 400_000 }, async () => {
	await desk.rule('Interrupted', 'disabled');
	const run = await stoppedInTheMidst('sweep');
	await desk.until('the end is known', async () =>
		(await desk.executions('AgentRunMachine', `${run}-0`))[0]?.status === 'ABORTED' ? true : undefined,
	);
	await desk.rule('Interrupted', 'enabled');
	expect((await desk.look(run)).status).toBe('open');
	expect(await desk.sweep()).toMatchObject({ recovered: [] });
	await desk.until(
		'a sweep takes it up',
		async () => ((await desk.sweep()) as { recovered: string[] }).recovered.includes(run) || undefined,
		200_000,
	);
	await desk.finished(run);
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
	const first = desk.approve(task.id, step ?? 0);
	await desk.until('the answer is recorded', async () => ((await start.standing()).waiting > 0 ? true : undefined));
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
