/**
 * The way in, as deployed: what the trail's own selectors select stands in the log group, goes by subscription and stream to `ingest`,
 * and each event of ours is one witness there, also where keeping it fails at first.
 */
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { logEvents, logStreams } from './desk/log-group.ts';
import type { CloudTrailEvent } from './proxy/recording.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
const asking = { endpoint: account.endpoint, region: account.region, keys: account.people.root };
const logGroupName = account.outputs.TrailLogGroup ?? '';
const ofTrail = `${account.account}_CloudTrail_${account.region}`;
const eventsIn = (file: string): CloudTrailEvent[] => {
	const text = readFileSync(file, 'utf8');
	const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
	return lines.map((line) => JSON.parse(line) as CloudTrailEvent);
};

test('in log streams as CloudTrail names them, each event as it was recorded', async () => {
	const task = ticketOf('t-01-small-refund', 'enter');
	await desk.open(task.id, task);
	await desk.finished(task.id);
	await audit.delivered(task.id);
	expect(await logStreams(logGroupName, asking)).toEqual([ofTrail, 'services']);
	const recorded = new Map(eventsIn(account.recording).map((event) => [event.eventID, event]));
	const messages = await logEvents({ logGroupName, logStreamName: ofTrail }, asking);
	expect(messages.length).toBeGreaterThan(20);
	for (const event of messages.map((message) => JSON.parse(message) as CloudTrailEvent)) expect(event).toEqual(recorded.get(event.eventID));
});

test('what takes events in, or archives, is seen only where it manages', () => {
	const data = ({ eventCategory, userIdentity }: CloudTrailEvent): boolean =>
		eventCategory === 'Data' && /\/throughline-dev-(ingest|archive)$/.test(userIdentity.arn ?? '');
	expect(eventsIn(account.recording).filter(data).length).toBeGreaterThan(0);
	expect(eventsIn(account.delivered).filter(data)).toEqual([]);
});

test('a witness that could not be kept comes again, until it is', async () => {
	const task = ticketOf('t-10-too-old', 'enter');
	const refusing = await audit.proxy.interfere({
		service: 'dynamodb',
		operation: 'PutItem',
		caller: '/throughline-dev-ingest',
		times: 3,
		do: { is: 'fail', status: 400, code: 'AccessDeniedException' },
	});
	await desk.open(task.id, task);
	await desk.finished(task.id);
	await audit.delivered(task.id);
	expect((await refusing.standing()).met).toBe(3);
	await refusing.lift();
});

test('all that has entered by now is kept, each event once', async () => {
	const entered = await audit.everythingDelivered();
	const kept: string[] = [];
	for (const subject of await audit.subjects()) kept.push(...(await audit.seen(subject)).map(({ eventID }) => eventID));
	expect(kept).toHaveLength(entered);
	expect(new Set(kept).size).toBe(entered);
	expect(await audit.poison()).toEqual([]);
});
