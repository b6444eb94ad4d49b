/** A1: once a run is closed the archive tells of it, under its own role, and the agent's reconcile takes it off its queue and reads it: nobody has asked, and no schedule was waited for. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import type { CloudTrailEvent } from './proxy/recording.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
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

test('reconciled by its own agent’s function, once it is closed', async () => {
	const task = ticketOf('t-01-small-refund', 'closed');
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
