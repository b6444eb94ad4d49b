/**
 * Writes the vectors of docs/spec/audit.md: `node test/vectors/make-audit.ts`. The events are made by hand, in the shapes of
 * `test/data/cloudtrail/`; witnesses and findings follow from them.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvent } from '../../core/audit/event.ts';
import { findingKinds, findingOf } from '../../core/audit/finding.ts';
import { epochMs } from '../../core/ids.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import { commitEvent, type Event, issueEvent, known, LEDGER, otherEvent, REGION, TRAIL, useEvent } from '../doubles/cloudtrail.ts';

const AT = 1_700_000_000_000;
const BUCKET = 'arn:aws:s3:::letters';
const statement = { Effect: 'Allow', Action: ['s3:PutObject'], Resource: [`${BUCKET}/7`] };
const expiry = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2023-11-14T22:13:35.000Z' } } };

const issued = {
	request: {
		role: 'desk_letter_send-access',
		sessionName: 'run-1.1.1',
		sourceIdentity: 'run-1',
		tags: { agent: 'desk', run: 'run-1', step: '1', attempt: '1', head: sha256('head') },
		policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement, expiry] }),
		durationSeconds: 900,
	},
	credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'a secret access key', sessionToken: 'a session token', expiresAt: epochMs.parse(AT + 900_000) },
};

const events: Readonly<Record<string, Event>> = {
	'a session is issued': issueEvent(issued),
	'it is used': useEvent(issued, {
		source: 's3.amazonaws.com',
		name: 'PutObject',
		at: AT + 2_000,
		parameters: { bucketName: 'letters', key: '7', 'x-amz-acl': 'private' },
		resources: [`${BUCKET}/7`, BUCKET],
	}),
	'it is refused': useEvent(issued, { source: 's3.amazonaws.com', name: 'GetObject', at: AT + 3_000, error: 'AccessDenied' }),
	'a commit': commitEvent({ ...issued, request: { ...issued.request, role: 'desk_book_post-commit' } }, AT + 4_000, { run: 'run-1', place: 7 }),
	'an entry is replaced': otherEvent({
		source: 'dynamodb.amazonaws.com',
		name: 'PutItem',
		at: AT + 5_000,
		parameters: { tableName: LEDGER.split('/')[1], key: { pk: 'run#run-1', sk: '000000003' }, items: ['pk', 'sk', 'body'] },
		resources: [LEDGER],
	}),
	'the trail is stopped': otherEvent({ source: 'cloudtrail.amazonaws.com', name: 'StopLogging', at: AT + 6_000, parameters: { name: TRAIL } }),
	'somebody else lists tables': otherEvent({ source: 'dynamodb.amazonaws.com', name: 'ListTables', at: AT + 7_000, readOnly: true }),
	'no event': { eventID: 'not an id', awsRegion: REGION },
};

const causes: Readonly<Record<(typeof findingKinds)[number], string>> = {
	'tampered-entry': 'place 3',
	'broken-chain': 'chain of memory',
	'witness-gap': 'sessions never seen',
	'unattributed-action': 'session ASIAEXAMPLE',
	'outside-grant': 'session ASIAEXAMPLE',
	'duplicate-effect': 'step 1',
	contradiction: 'step 1',
	'unwitnessed-effect': 'step 1',
};

const vectors = {
	about: 'Vectors of docs/spec/audit.md, written by test/vectors/make-audit.ts.',
	known: { rolePrefix: known.rolePrefix, ledger: known.ledger, payloads: known.payloads, carriers: known.carriers },
	events: Object.entries(events).map(([name, event]) => ({ name, event, reading: readEvent(event, known, 'stream') })),
	findings: findingKinds.map((kind) =>
		findingOf({ kind, about: 'run-1', cause: causes[kind], why: 'ledger and witnesses disagree', entries: [{ place: 3, hash: sha256('head') }], events: ['event-1'], restsOn: 'files' }),
	),
};

export const text = `${JSON.stringify(vectors, null, '\t')}\n`;
if (import.meta.main) writeFileSync(join(import.meta.dirname, 'audit.json'), text);
