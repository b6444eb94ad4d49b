/** Records that contradict each other, attempts that a freeze withdrew, and a last link that only a tag can judge. */
import { expect, test } from 'vitest';
import { type Reconciling, reconcile } from '../../../core/audit/reconcile.ts';
import type { Witness, WitnessOf } from '../../../core/audit/witness.ts';
import { epochMs } from '../../../core/ids.ts';
import { canonical, sha256 } from '../../../core/ledger/chain.ts';
import * as say from '../../doubles/ledger-builder.ts';
import { terms } from '../../doubles/trail.ts';
import { edited } from './run-with-trail.ts';

/** Nothing is concluded from what is missing. */
const early = { ...terms, watermark: { ...terms.watermark, until: epochMs.parse(0) } };
const judged = (golden: say.Golden, more: Partial<Reconciling> = {}) =>
	reconcile({ run: say.RUN, stored: golden.stored, witnesses: [], expected: new Map(), terms: early, ...more });
const kinds = ({ findings, notes }: ReturnType<typeof reconcile>) => [
	findings.map(({ kind }) => kind),
	notes.map(({ kind }) => kind).filter((kind) => /contra/.test(kind)),
];

const disputed = say.told(say.intent('letter.send'), say.granted(1, 'manual'), say.failed(1), say.done(1));
const closed = say.tellOn(disputed, say.closed('stopped'));

test('contradicting records: while open a person is asked, once closed it is a finding, once settled a note', () => {
	expect(kinds(judged(disputed))).toEqual([[], ['contradiction-held']]);
	expect(kinds(judged(closed))).toEqual([['contradiction'], []]);
	expect(judged(closed).findings[0]).toMatchObject({ cause: 'step 1', restsOn: 'ledger' });
	expect(kinds(judged(say.tellOn(closed, say.stands(1, 'done'))))).toEqual([[], ['contradiction-settled']]);
});

const issue = (head: string): WitnessOf<'issue'> => ({
	v: 1,
	eventID: 'issue-1',
	kind: 'issue',
	at: epochMs.parse(say.START),
	source: 'sts.amazonaws.com',
	name: 'AssumeRole',
	region: 'eu-west-1',
	account: '111122223333',
	readOnly: true,
	error: null,
	about: say.RUN,
	copy: 'stream',
	session: {
		accessKeyId: 'ASIA1X1',
		role: 'desk-tool-access',
		kind: 'access',
		sessionName: `${say.RUN}.1.1`,
		sourceIdentity: say.RUN,
		invokedBy: null,
	},
	expiresAt: null,
	by: null,
	tags: { agent: 'desk', run: say.RUN, step: '1', attempt: '1', head },
	policyDigest: sha256('session policy'),
	allows: [],
});
const { expiresAt: _expiresAt, by: _by, tags: _tags, policyDigest: _policyDigest, allows: _allows, ...seen } = issue('');
const use: Witness = {
	...seen,
	kind: 'use',
	eventID: 'use-1',
	source: 'letter.example.net',
	name: 'Act',
	resources: [],
	request: {},
	cut: false,
};

test('an attempt that a freeze withdrew was handed to nobody, so nobody used it', () => {
	const withdrawn = say.told(say.intent('letter.send'), say.granted(1, 'manual'), say.frozen(), say.withdrawn(1));
	expect(judged(withdrawn).findings).toEqual([]);
	expect(kinds(judged(withdrawn, { witnesses: [use] }))).toEqual([['contradiction'], []]);
	const superseded = say.told(say.intent('file.read'), say.granted(1, 'read'), say.superseded(1));
	expect(kinds(judged(superseded, { witnesses: [use] }))).toEqual([[], []]);
});

test('a last link that does not hold: what a session was tagged with tells which of the two was changed', () => {
	const golden = say.told(say.intent('letter.send'), say.granted(1, 'manual'));
	const prev = golden.entries[2]?.prev ?? '';
	const laterChanged = edited(golden.stored, 2, (entry) => ({ ...entry, prev: 'f'.repeat(64) }));
	const earlierChanged = edited(golden.stored, 1, (entry) => ({ ...entry, at: Number(entry.at) + 1 }));
	const causes = (stored: say.Golden['stored'], witnesses: Witness[]) =>
		judged({ ...golden, stored }, { witnesses }).findings.map(({ kind, cause }) => `${kind} ${cause}`);
	expect(causes(laterChanged, [issue(prev)])).toEqual(['tampered-entry place 2']);
	expect(causes(earlierChanged, [issue(prev)])).toEqual(['tampered-entry place 1']);
});

test('bytes that are not canonical, not JSON, or of another run', () => {
	const golden = say.told(say.intent('letter.send'), say.granted(1, 'manual'), say.done(1));
	const bodies = [
		(body: string) => `${body} `,
		() => '{',
		(body: string) => canonical({ ...JSON.parse(body), run: 'run-2' }),
		(body: string) => body.replace('{', '{"more":1,'),
	];
	for (const change of bodies) {
		const stored = golden.stored.map((one) => (one.place === 2 ? { ...one, body: change(one.body) } : one));
		expect(judged({ ...golden, stored }).findings.map(({ kind, cause }) => [kind, cause])).toEqual([['tampered-entry', 'place 2']]);
	}
});

test('an entry that links and may not stand there', () => {
	const golden = say.told(say.intent('letter.send'), say.granted(1, 'manual'), say.done(1));
	const { stored } = say.entryOf(golden.state, say.superseded(1, { attempts: [1] })(golden.state));
	expect(judged({ ...golden, stored: [...golden.stored, stored] }).findings.map(({ kind }) => kind)).toEqual(['broken-chain']);
});
