/**
 * A1: what AWS saw of a run, and what services outside told, enter by log group, subscription and stream, become witnesses by the
 * deployed `ingest`, and agree with the ledger. Runs that were killed and recovered are as clean as one that went well.
 */
import { expect, inject, test } from 'vitest';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killedAfter } from './desk/killed-after.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);

async function isClean(run: string, effects: number): Promise<void> {
	await desk.finished(run);
	const entries = await desk.entries(run);
	await audit.untilAbsenceCounts(entries.at(-1)?.at ?? 0);
	await audit.delivered(run);
	const granted = entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : []));
	const issued = (await audit.seen(run)).flatMap((one) => (one.kind === 'issue' ? [one.session.accessKeyId] : []));
	expect(issued).toEqual(expect.arrayContaining(granted));
	expect(await audit.reconcile(run)).toMatchObject({
		reconciled: 1,
		findings: 0,
		unread: 0,
		witnessed: effects,
		unwitnessable: 0,
		open: 0,
	});
	expect(await audit.findings(run)).toEqual([]);
}

test('a run with every kind of effect', async () => {
	const task = ticketOf('t-07-all-at-once', 'clean');
	await desk.open(task.id, task);
	await isClean(task.id, 4);
});

test('killed after a refund was made, made again under its key', async () => {
	await isClean(await killedAfter('payments.refund', { ticket: 't-01-small-refund', copy: 'clean' }, { account, desk }), 2);
});

test('killed after a parcel was recalled, which its carrier was asked about', async () => {
	await isClean(await killedAfter('carrier.recall', { ticket: 't-09-recall', copy: 'clean' }, { account, desk }), 2);
});
