/** What went by stands in the recording in CloudTrail's shape: whose session, what was asked, and no secret that CloudTrail leaves out. */
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { emulatedDesk } from './desk/emulated-desk.ts';
import type { CloudTrailEvent } from './proxy/recording.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const task = ticketOf('t-07-all-at-once', 'fence');
await desk.open(task.id, task);
await desk.finished(task.id);
const text = readFileSync(account.recording, 'utf8');
const events = text
	.slice(0, text.lastIndexOf('\n'))
	.split('\n')
	.map((line) => JSON.parse(line) as CloudTrailEvent);
const issued = events.filter(
	({ eventName, requestParameters }) => eventName === 'AssumeRole' && requestParameters?.sourceIdentity === task.id,
);

type Issue = { credentials: { accessKeyId: string; sessionToken: string; expiration: string } };
const keyOf = ({ responseElements }: CloudTrailEvent): string => (responseElements as Issue).credentials.accessKeyId;

test('nobody who called is unknown', () => {
	expect(
		events.filter(({ userIdentity }) => userIdentity.type === 'Unknown').map(({ eventName, userAgent }) => `${eventName} ${userAgent}`),
	).toEqual([]);
});

test('each issue of credentials names run, step, attempt and the head of the chain', async () => {
	const entries = await desk.entries(task.id);
	const granted = entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : []));
	expect(granted.length).toBeGreaterThan(4);
	expect(issued.map(keyOf)).toEqual(expect.arrayContaining(granted));
	for (const { requestParameters, userIdentity, readOnly, managementEvent, resources, awsRegion } of issued) {
		expect({ readOnly, managementEvent, awsRegion }).toEqual({ readOnly: true, managementEvent: true, awsRegion: account.region });
		expect(requestParameters?.roleSessionName).toMatch(new RegExp(`^${task.id}\\.\\d+\\.`));
		const tags = requestParameters?.tags as { key: string; value: string }[];
		expect(tags.map(({ key }) => key).toSorted()).toEqual(['agent', 'attempt', 'head', 'run', 'step']);
		expect(resources[0]?.ARN).toBe(requestParameters?.roleArn);
		// Its own guard asked, and nothing else did.
		const role = String(requestParameters?.roleArn).replace(/^.*\/(.+)-(access|lookup|commit)$/, '$1');
		expect(userIdentity.arn).toMatch(new RegExp(`/${role}__guard$`));
	}
});

test('a commit stands under the session that was issued for it, with its run and keys only', () => {
	const commits = events.filter(
		({ eventName, userIdentity }) => eventName === 'TransactWriteItems' && userIdentity.sessionContext?.sourceIdentity === task.id,
	);
	expect(commits.length).toBeGreaterThan(0);
	for (const { userIdentity, requestParameters, managementEvent, eventCategory } of commits) {
		expect({ managementEvent, eventCategory }).toEqual({ managementEvent: false, eventCategory: 'Data' });
		expect(issued.map(keyOf)).toContain(userIdentity.accessKeyId);
		expect(userIdentity.sessionContext?.sessionIssuer.arn).toMatch(/-commit$/);
		const items = requestParameters?.requestItems as { tableName: string; key: Record<string, string> }[];
		expect(items.find(({ tableName }) => tableName.includes('Ledger'))?.key).toMatchObject({ pk: `run#${task.id}` });
		expect(JSON.stringify(requestParameters)).not.toContain('"S":');
	}
});

test('a session token stands where CloudTrail has it, and no secret key anywhere', () => {
	for (const event of issued) expect((event.responseElements as Issue).credentials.sessionToken).not.toBe('');
	expect(text).not.toMatch(/secretAccessKey|SecretAccessKey/);
	expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(events.length);
});
