/** A1, L2: what an attacker may do to ledger, credentials and trail, one thing at a time, and who would not notice. */
import type { FindingKind } from '../../../core/audit/finding.ts';
import type { Reconciling } from '../../../core/audit/reconcile.ts';
import { parseStored } from '../../../core/ledger/chain.ts';
import { verifyRun } from '../../../core/ledger/verify.ts';
import { LEDGER, otherEvent, TRAIL, useEvent } from '../../doubles/cloudtrail.ts';
import { RUN } from '../../doubles/driver.ts';
import { edited, given, issuedAnew, type Play, placeOf, QUEUE, rechained, sessionOf, type Told, without } from './run-with-trail.ts';

/** Auditors who look at one of the two records alone, or at both carelessly; each is blind to what the attacks beside it do. */
export const blind = {
	'each entry is an entry': ({ stored }: Reconciling) => stored.every((one) => 'entry' in parseStored(one)),
	'the ledger verifies': ({ run, stored }: Reconciling) => verifyRun(run, stored).is === 'whole',
	'every session that was used has a grant': ({ stored, witnesses }: Reconciling) => {
		const bodies = stored.map(({ body }) => body).join();
		return [...witnesses].every((one) => one.kind !== 'use' || one.error !== null || bodies.includes(`"${one.session.accessKeyId}"`));
	},
	'every session has the name of a run': ({ run, witnesses }: Reconciling) =>
		[...witnesses].every((one) => !('session' in one) || one.session.sessionName?.startsWith(`${run}.`)),
} as const;

export type Attack = {
	readonly finding: FindingKind;
	readonly cause?: (run: Told) => string;
	readonly play?: Play;
	readonly does: (run: Told) => Reconciling;
	readonly unnoticedBy: keyof typeof blind;
};

const PARCEL = 4;
const sqs = { source: 'sqs.amazonaws.com', name: 'SendMessage' };
const grantedAt = ({ entries }: Told, step: number): number =>
	entries.find((entry) => entry.kind === 'decision' && entry.step === step)?.at ?? 0;
const withStored = (run: Told, stored: Told['stored']): Reconciling => ({ ...given(run), stored });
const trailEvent = (name: string, run: Told, parameters: object) =>
	otherEvent({ source: 'cloudtrail.amazonaws.com', name, at: grantedAt(run, PARCEL), parameters: { name: TRAIL, ...parameters } });
const key = (place: number) => ({ tableName: LEDGER, key: { pk: `run#${RUN}`, sk: String(place).padStart(9, '0') } });
const ledgerEvent = (name: string, place: number, at: number) =>
	otherEvent({ source: 'dynamodb.amazonaws.com', name, at, parameters: key(place), resources: [LEDGER] });

export const attacks: Readonly<Record<string, Attack>> = {
	'an entry edited': {
		finding: 'tampered-entry',
		cause: (run) => `place ${placeOf(run, 'outcome')}`,
		does: (run) =>
			withStored(
				run,
				edited(run.stored, placeOf(run, 'outcome'), (entry) => ({ ...entry, at: Number(entry.at) + 1 })),
			),
		unnoticedBy: 'each entry is an entry',
	},
	'a decision edited to name another session': {
		finding: 'tampered-entry',
		cause: (run) => `place ${placeOf(run, 'decision', 1)}`,
		does: (run) =>
			withStored(
				run,
				edited(run.stored, placeOf(run, 'decision', 1), (entry) => ({
					...entry,
					grant: { ...(entry.grant as object), accessKeyId: 'ASIAOTHER' },
				})),
			),
		unnoticedBy: 'each entry is an entry',
	},
	'an entry deleted': {
		finding: 'tampered-entry',
		cause: (run) => `place ${placeOf(run, 'decision', 2)}`,
		does: (run) =>
			withStored(
				run,
				run.stored.filter(({ place }) => place !== placeOf(run, 'decision', 2)),
			),
		unnoticedBy: 'each entry is an entry',
	},
	'an entry replaced by a put without condition, seen by AWS alone': {
		finding: 'tampered-entry',
		cause: (run) => `place ${run.stored.length - 1}`,
		does: (run) => given(run, { more: [ledgerEvent('PutItem', run.stored.length - 1, grantedAt(run, 5) + 60_000)] }),
		unnoticedBy: 'the ledger verifies',
	},
	'an entry deleted, seen by AWS and missing': {
		finding: 'tampered-entry',
		cause: (run) => `place ${placeOf(run, 'outcome', 1)}`,
		does: (run) => {
			const place = placeOf(run, 'outcome', 1);
			return {
				...given(run, { more: [ledgerEvent('DeleteItem', place, grantedAt(run, 5))] }),
				stored: run.stored.filter((one) => one.place !== place),
			};
		},
		unnoticedBy: 'each entry is an entry',
	},
	'the tail cut off': {
		finding: 'broken-chain',
		does: (run) => withStored(run, run.stored.slice(0, placeOf(run, 'decision', 2))),
		unnoticedBy: 'the ledger verifies',
	},
	'a forged continuation': {
		finding: 'broken-chain',
		does: (run) => {
			const place = placeOf(run, 'outcome', 1);
			return withStored(
				run,
				rechained(
					edited(run.stored, place, (entry) => ({ ...entry, at: Number(entry.at) + 1 })),
					place,
				),
			);
		},
		unnoticedBy: 'the ledger verifies',
	},
	'a call after the end of its grant': {
		finding: 'outside-grant',
		cause: (run) => `session ${sessionOf(run, PARCEL).credentials.accessKeyId}`,
		does: (run) =>
			given(run, { more: [useEvent(sessionOf(run, PARCEL), { ...sqs, at: grantedAt(run, PARCEL) + 60_000, resources: [QUEUE] })] }),
		unnoticedBy: 'every session that was used has a grant',
	},
	'a call on another resource': {
		finding: 'outside-grant',
		does: (run) =>
			given(run, {
				more: [useEvent(sessionOf(run, PARCEL), { ...sqs, at: grantedAt(run, PARCEL) + 1_000, resources: [`${QUEUE}-of-others`] })],
			}),
		unnoticedBy: 'every session that was used has a grant',
	},
	'a call of a service that was not granted': {
		finding: 'outside-grant',
		does: (run) =>
			given(run, {
				more: [
					useEvent(sessionOf(run, 1), {
						source: 'iam.amazonaws.com',
						name: 'CreateUser',
						region: 'us-east-1',
						at: grantedAt(run, 1) + 1_000,
					}),
				],
			}),
		unnoticedBy: 'every session that was used has a grant',
	},
	'something else done than what the recorded call comes to': {
		finding: 'outside-grant',
		does: (run) => {
			const other = { source: 'parcel.example.net', name: 'Act', at: grantedAt(run, PARCEL), parameters: { idempotencyKey: 'another' } };
			return {
				...given(run),
				witnesses: [
					...without(given(run), (one) => one.source === 'parcel.example.net').witnesses,
					...given({ ...run, events: [useEvent(sessionOf(run, PARCEL), other)] }).witnesses,
				],
			};
		},
		unnoticedBy: 'every session that was used has a grant',
	},
	'a session of ours used from another region': {
		finding: 'outside-grant',
		does: (run) =>
			given(run, {
				more: [
					useEvent(sessionOf(run, PARCEL), { ...sqs, region: 'ap-southeast-2', at: grantedAt(run, PARCEL) + 1_000, resources: [QUEUE] }),
				],
			}),
		unnoticedBy: 'every session that was used has a grant',
	},
	'a session issued with another policy than was recorded': {
		finding: 'outside-grant',
		does: (run) => {
			const { request } = sessionOf(run, PARCEL);
			const wider = issuedAnew(run, PARCEL, { policy: request.policy.replace(QUEUE, `${QUEUE}-of-others`) });
			return given({ ...run, events: run.events.map((event) => (event.eventID === wider.eventID ? wider : event)) });
		},
		unnoticedBy: 'every session that was used has a grant',
	},
	'credentials issued without an intent': {
		finding: 'unattributed-action',
		does: (run) => given(run, { more: [issuedAnew(run, 1, { sessionName: `${RUN}.9.1` }, 'ASIAFORGED')] }),
		unnoticedBy: 'every session that was used has a grant',
	},
	'credentials issued for a step before it was planned': {
		finding: 'unattributed-action',
		does: (run) => {
			const { request } = sessionOf(run, 1);
			return given(run, {
				more: [issuedAnew(run, 1, { sessionName: `${RUN}.5.1`, role: sessionOf(run, 5).request.role, tags: request.tags }, 'ASIAFORGED')],
			});
		},
		unnoticedBy: 'every session that was used has a grant',
	},
	"credentials issued with another tool's role": {
		finding: 'unattributed-action',
		does: (run) => given(run, { more: [issuedAnew(run, PARCEL, { role: sessionOf(run, 5).request.role }, 'ASIAFORGED')] }),
		unnoticedBy: 'every session that was used has a grant',
	},
	'credentials issued without a head': {
		finding: 'unattributed-action',
		does: (run) => {
			const { head: _head, ...tags } = sessionOf(run, PARCEL).request.tags;
			return given(run, { more: [issuedAnew(run, PARCEL, { tags }, 'ASIAFORGED')] });
		},
		unnoticedBy: 'every session that was used has a grant',
	},
	'credentials issued for an attempt that was never due': {
		finding: 'unattributed-action',
		does: (run) => given(run, { more: [issuedAnew(run, PARCEL, { sessionName: `${RUN}.${PARCEL}.4` }, 'ASIAFORGED')] }),
		unnoticedBy: 'every session that was used has a grant',
	},
	'a session that no decision grants, used': {
		finding: 'unattributed-action',
		does: (run) => {
			const stray = { ...sessionOf(run, PARCEL), credentials: { ...sessionOf(run, PARCEL).credentials, accessKeyId: 'ASIASTRAY' } };
			return given(run, {
				more: [issuedAnew(run, PARCEL, {}, 'ASIASTRAY'), useEvent(stray, { ...sqs, at: grantedAt(run, PARCEL), resources: [QUEUE] })],
			});
		},
		unnoticedBy: 'every session has the name of a run',
	},
	'an effect claimed and never seen': {
		finding: 'unwitnessed-effect',
		cause: () => `step ${PARCEL}`,
		does: (run) => without(given(run), (one) => one.source === 'parcel.example.net'),
		unnoticedBy: 'the ledger verifies',
	},
	'a commit claimed and never seen': {
		finding: 'unwitnessed-effect',
		cause: () => 'step 2',
		does: (run) => without(given(run), ({ name }) => name === 'TransactWriteItems'),
		unnoticedBy: 'the ledger verifies',
	},
	'an effect seen twice that was recorded once': {
		finding: 'duplicate-effect',
		cause: () => `step ${PARCEL}`,
		does: (run) => {
			const seen = [...given(run).witnesses].find(({ source }) => source === 'parcel.example.net');
			if (!seen) throw new Error('the parcel was never seen');
			return { ...given(run), witnesses: [...given(run).witnesses, { ...seen, eventID: `${seen.eventID}-2` }] };
		},
		unnoticedBy: 'every session that was used has a grant',
	},
	'an outcome contradicted by a late witness': {
		finding: 'contradiction',
		cause: () => 'step 5',
		// It happened, and a person who looked too early said that it had not.
		play: { letter: 'dies-after', person: 'failed' },
		does: (run) => given(run),
		unnoticedBy: 'the ledger verifies',
	},
	'witnesses withheld': {
		finding: 'witness-gap',
		cause: () => 'sessions never seen',
		does: (run) => without(given(run), (one) => one.kind === 'issue' && ['3', '4'].includes(one.tags.step ?? '')),
		unnoticedBy: 'every session that was used has a grant',
	},
	'everything of a step withheld': {
		finding: 'witness-gap',
		does: (run) => without(given(run), (one) => 'session' in one && one.session.sessionName === `${RUN}.${PARCEL}.1`),
		unnoticedBy: 'every session that was used has a grant',
	},
	'the trail silent': {
		finding: 'witness-gap',
		does: (run) => without(given(run), () => true),
		unnoticedBy: 'every session that was used has a grant',
	},
	'the trail stopped': {
		finding: 'witness-gap',
		does: (run) =>
			without(
				given(run, { more: [trailEvent('StopLogging', run, {})] }),
				({ at, kind }) => kind !== 'trail' && at > grantedAt(run, PARCEL) - 1_000,
			),
		unnoticedBy: 'every session that was used has a grant',
	},
	'the trail deleted': {
		finding: 'witness-gap',
		does: (run) => given(run, { more: [trailEvent('DeleteTrail', run, {})] }),
		unnoticedBy: 'every session that was used has a grant',
	},
	'the trail narrowed': {
		finding: 'witness-gap',
		does: (run) => given(run, { more: [trailEvent('UpdateTrail', run, { isMultiRegionTrail: false })] }),
		unnoticedBy: 'every session that was used has a grant',
	},
};
