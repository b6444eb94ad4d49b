/** Two clients at once on one run: one execution, one answer, one refund. */
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { effectsOf } from '../../local/demo/outside.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const refundsOf = (run: string): number =>
	effectsOf(account.worldDirectory).filter((one) => one.run === run && one.tool === 'payments.refund').length;

test('both open it: one run, one execution', async () => {
	const task = ticketOf('t-01-small-refund', 'race');
	const both = await Promise.all([desk.open(task.id, task), desk.open(task.id, task)]);
	expect(both.map(({ body }) => (body as { is: string }).is).toSorted()).toEqual(['exists', 'opened']);
	await desk.finished(task.id);
	expect(await desk.executions('AgentRunMachine', task.id)).toHaveLength(1);
	expect(refundsOf(task.id)).toBe(1);
});

test('one approves, one refuses, and two recover it at once: one answer stands, and is acted on once', async () => {
	const task = ticketOf('t-02-needs-approval', 'race');
	await desk.open(task.id, task);
	const step = (await desk.waits(task.id, 'approval')) ?? 0;
	const answers = await Promise.all([desk.approve(task.id, step), desk.refuse(task.id, step)]);
	await Promise.all([desk.recover(task.id), desk.recover(task.id)]);
	expect(answers.map(({ body }) => (body as { is: string }).is).toSorted()).toEqual(['recorded', 'refused']);
	const [approved] = answers.map(({ body }) => (body as { is: string }).is === 'recorded');
	const { done } = await desk.finished(task.id);
	expect(done.find(({ tool }) => tool === 'payments.refund')?.outcome).toBe(approved ? 'done' : 'denied');
	expect(refundsOf(task.id)).toBe(approved ? 1 : 0);
});

test('two tickets about one charge at once: one refund', async () => {
	const [mail, phone] = [ticketOf('t-05-lamp-by-mail', 'twins'), ticketOf('t-06-lamp-by-phone', 'twins')];
	await Promise.all([desk.open(mail.id, mail), desk.open(phone.id, phone)]);
	await Promise.all([desk.finished(mail.id), desk.finished(phone.id)]);
	expect(refundsOf(mail.id) + refundsOf(phone.id)).toBe(1);
});

afterAll(async () => {
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
