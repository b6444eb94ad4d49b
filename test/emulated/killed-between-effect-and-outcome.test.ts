/**
 * A tool's Lambda worker is killed with SIGKILL after it changed the outside and before anybody here was told. The proxy
 * holds its report, so that the window is certain; the services' journals say what was done. Each kind of effect ends as declared.
 */
import { afterAll, expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { effectsOf } from '../../local/demo/outside.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killedAfter as killed } from './desk/killed-after.ts';
import { type Copy, ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const killedAfter = (tool: string, of: { ticket: string; copy: Copy }): Promise<string> => killed(tool, of, { account, desk });

const timesOf = (run: string, tool: string): number =>
	effectsOf(account.worldDirectory).filter((effect) => effect.run === run && effect.tool === tool).length;
const attemptsAt = async (run: string, tool: string): Promise<number> => {
	const entries = await desk.entries(run);
	const step = entries.flatMap((entry) => (entry.kind === 'intent' ? entry.calls : [])).find((call) => call.tool === tool)?.step;
	return entries.filter((entry) => entry.kind === 'decision' && entry.step === step && entry.attempt !== null && entry.asks === undefined)
		.length;
};

test('replay: asked for again under the same key, and paid once', async () => {
	const run = await killedAfter('payments.refund', { ticket: 't-01-small-refund', copy: 'pay' });
	expect(timesOf(run, 'payments.refund')).toBe(1);
	await desk.finished(run);
	expect(await attemptsAt(run, 'payments.refund')).toBe(2);
	expect(timesOf(run, 'payments.refund')).toBe(1);
});

// These two wait for long, each at a tool of its own.
test.concurrent('lookup: waited out, the target asked, and its answer is the outcome', async () => {
	const run = await killedAfter('carrier.recall', { ticket: 't-09-recall', copy: 'parcel' });
	const { done } = await desk.finished(run);
	expect(done.find(({ tool }) => tool === 'carrier.recall')).toMatchObject({ outcome: 'done', by: 'target' });
	expect(timesOf(run, 'carrier.recall')).toBe(1);
});

test.concurrent('manual: held in doubt until a person has looked', async () => {
	const run = await killedAfter('mail.send', { ticket: 't-10-too-old', copy: 'mail' });
	const step = await desk.waits(run, 'doubt');
	const note = 'looked into the out-box: it was sent';
	expect(await desk.answer(run, { is: 'done', step, result: { message: 'msg_seen' }, note })).toMatchObject({ body: { is: 'recorded' } });
	const { done } = await desk.finished(run);
	expect(done.find(({ tool }) => tool === 'mail.send')).toMatchObject({ outcome: 'done', by: 'person' });
	expect(timesOf(run, 'mail.send')).toBe(1);
});

test('transaction: the guard committed or it did not, and the credit stands once', async () => {
	const run = await killedAfter('credits.grant', { ticket: 't-07-all-at-once', copy: 'credit' });
	const { done } = await desk.finished(run);
	expect(done.map(({ tool, outcome }) => `${tool} ${outcome}`).toSorted()).toEqual(
		['carrier.recall done', 'credits.grant done', 'mail.send done', 'orders.find done', 'payments.refund done'].toSorted(),
	);
	expect(await desk.counted('RefundDeskCredits', ticketOf('t-07-all-at-once', 'credit').customer, 'cents')).toBe(500);
});

afterAll(async () => {
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
