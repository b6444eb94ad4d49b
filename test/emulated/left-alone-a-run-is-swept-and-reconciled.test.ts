/**
 * What nobody asks for comes in its time. S5: the sweeper recovers a run whose execution was cut off, where no event told of it. A1: once a
 * run is closed the archive tells of it, under its own role, and the agent's reconcile takes it off its queue and reads it. Both are
 * waited for side by side.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { stopping } from './desk/stopping.ts';
import type { CloudTrailEvent } from './proxy/recording.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
const { stoppedInTheMidst, refundsOf } = stopping({ account, desk });
/** A minute in its queue, and then some. */
const PATIENCE_MS = 180_000;
const POLL_MS = 250;

const recorded = (): CloudTrailEvent[] => {
	const text = readFileSync(account.recording, 'utf8');
	const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
	return lines.map((line) => JSON.parse(line) as CloudTrailEvent);
};
const by = (caller: string, name: string, run: string) => (event: CloudTrailEvent) =>
	event.eventName === name &&
	(event.userIdentity.arn ?? '').endsWith(`/throughline-dev-${caller}`) &&
	JSON.stringify(event.requestParameters).includes(run);
/** Of a run's own key it is known whose content is read. */
const readBy = (caller: string, run: string) => recorded().filter(by(caller, 'GetItem', run));

// The quiet time after which a sweep takes a run up is two minutes. It is waited out: nothing here is told to hurry.
test.concurrent('the sweeper recovers a run where no event arrives', { timeout: 400_000 }, async () => {
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

test.concurrent('a closed run is reconciled by its own agent’s function', async () => {
	const task = ticketOf('t-10-too-old', 'closed');
	await desk.open(task.id, task);
	await desk.finished(task.id);
	const begun = performance.now();
	while (readBy('refund-desk-reconcile', task.id).length === 0) {
		if (performance.now() - begun > PATIENCE_MS) throw new Error(`nobody has reconciled ${task.id}`);
		await setTimeout(POLL_MS);
	}
	expect(readBy('stock-room-reconcile', task.id)).toEqual([]);
	expect(recorded().some(({ eventName, userIdentity }) => eventName === 'SendMessage' && userIdentity.arn?.endsWith('-archive'))).toBe(
		true,
	);
	await audit.delivered(task.id);
	expect(await audit.findings(task.id)).toEqual([]);
});

afterAll(async () => {
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
