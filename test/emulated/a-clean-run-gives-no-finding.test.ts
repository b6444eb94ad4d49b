/**
 * A1: what AWS saw of a run, and what services outside told, enter by log group, subscription and stream, become witnesses by the
 * deployed `ingest`, and agree with the ledger. Runs that were killed and recovered are as clean as one that went well.
 */
import { beforeAll, expect, inject, test } from 'vitest';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killedAfter } from './desk/killed-after.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);

const wentWell = ticketOf('t-07-all-at-once', 'clean');
const paid = ticketOf('t-01-small-refund', 'clean');
const recalled = ticketOf('t-09-recall', 'clean');

beforeAll(async () => {
	await desk.open(wentWell.id, wentWell);
	await desk.finished(wentWell.id);
	await killedAfter('payments.refund', { ticket: 't-01-small-refund', copy: 'clean' }, { account, desk });
	await desk.finished(paid.id);
	await killedAfter('carrier.recall', { ticket: 't-09-recall', copy: 'clean' }, { account, desk });
	await desk.finished(recalled.id);
	await audit.untilAbsenceCounts(Date.now());
});

test.each([
	['a run with every kind of effect', wentWell.id, 4],
	['killed after a refund was made, made again under its key', paid.id, 2],
	['killed after a parcel was recalled, which its carrier was asked about', recalled.id, 2],
])('%s', async (_, run, effects) => {
	await audit.delivered(run);
	const entries = await desk.entries(run);
	const granted = entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : []));
	const issued = (await audit.seen(run)).flatMap((one) => (one.kind === 'issue' ? [one.session.accessKeyId] : []));
	expect(issued).toEqual(expect.arrayContaining(granted));
	const whole = { reconciled: 1, findings: 0, unread: 0, witnessed: effects, unwitnessable: 0, open: 0 };
	expect(await audit.reconcile(run)).toMatchObject(whole);
	expect(await audit.findings(run)).toEqual([]);
	expect(await audit.byCommandLine(run)).toEqual({ exit: 0, findings: [] });
});
