/**
 * A witness: what is kept of one CloudTrail event that concerns us. Who acted under which session, on what, when by AWS's
 * clock, and whether it was refused. Nothing else of the event is kept, and no secret (A3).
 * @see docs/spec/audit.md#witnesses
 */
import * as z from 'zod';
import { epochMs, roleKinds } from '../ids.ts';

/** Witnesses whose run is not known lie under one of these names, which no chain has. */
export const atLarge = { trail: '@trail', record: '@record', unplaced: '@unplaced' } as const;

const count = z.int().min(0);
const line = (most: number) => z.string().max(most);
const accessKey = line(128).min(1);

/** The names under which AWS sees a session of ours, each `null` where the event does not say. */
export const sessionSeen = z.strictObject({
	accessKeyId: accessKey.nullable(),
	/** The role's name as core gives it, without what a deployment puts before it. */
	role: line(128),
	kind: z.enum(roleKinds).nullable(),
	sessionName: line(128).nullable(),
	sourceIdentity: line(128).nullable(),
	/** A service that called in the session's name, as DynamoDB does to use a key. */
	invokedBy: line(128).nullable(),
});
export type SessionSeen = z.infer<typeof sessionSeen>;

const envelope = {
	v: z.literal(1),
	/** AWS's own name for the event: the same in every copy. */
	eventID: line(64).min(1),
	/** When, by AWS's clock: the request's end, its second cut off. */
	at: epochMs,
	/** `sts.amazonaws.com` and the like, with the event's name and region. */
	source: line(128),
	name: line(128),
	region: line(64),
	account: line(64),
	readOnly: z.boolean(),
	/** AWS's word for why it was refused; `null` when it was done. */
	error: line(128).nullable(),
	/** The run's id, a control chain, or a name of `atLarge`. */
	about: line(64),
	/** Which copy of the event it was taken from. */
	copy: z.enum(['stream', 'files', 'local']),
};

/** Names of the things a request named, and the parts of it that tell one call from another, flattened: `key.pk`. */
const touched = {
	resources: z.array(line(512)).max(32),
	request: z.record(line(256), line(256)),
	/** There was more than is kept. */
	cut: z.boolean(),
};

export const witness = z.discriminatedUnion('kind', [
	/** AssumeRole on a role of ours: where every session begins. */
	z.strictObject({
		...envelope,
		kind: z.literal('issue'),
		session: sessionSeen,
		expiresAt: epochMs.nullable(),
		/** The role that asked: the guard's. */
		by: line(512).nullable(),
		tags: z.record(line(128), line(256)),
		/** SHA-256 of the session policy's text, as in a grant. */
		policyDigest: line(64).nullable(),
		/** What that policy allows; `null` where there is none, or it can't be read. */
		allows: z.array(z.strictObject({ actions: z.array(line(128)), resources: z.array(line(2_048)) })).nullable(),
	}),
	/** A call by a session of ours. */
	z.strictObject({ ...envelope, kind: z.literal('use'), session: sessionSeen, ...touched }),
	/** The trail switched off, on, or changed. `less`: it is not said to see everything as before. */
	z.strictObject({ ...envelope, kind: z.literal('trail'), coverage: z.enum(['off', 'less', 'on']), by: line(512).nullable() }),
	/** A change to our own record that no function of ours makes: entries, claims or payloads replaced or removed. */
	z.strictObject({
		...envelope,
		kind: z.literal('record'),
		place: count.nullable(),
		by: line(512).nullable(),
		...touched,
	}),
]);
export type Witness = z.infer<typeof witness>;
export type WitnessOf<K extends Witness['kind']> = Extract<Witness, { kind: K }>;
export type Copy = Witness['copy'];

/** A session name is `<run>.<step>.<attempt>`; a lookup's attempt is `l` and its number. */
const sessionNameShape = /^([A-Za-z0-9_-]{2,40})\.([1-9]\d{0,8})\.(l?)([1-9]\d{0,8})$/;
export type SessionName = { readonly run: string; readonly step: number; readonly attempt: number; readonly lookup: boolean };
export function parseSessionName(name: string): SessionName | undefined {
	const [, run, step, lookup, attempt] = sessionNameShape.exec(name) ?? [];
	return run === undefined ? undefined : { run, step: Number(step), attempt: Number(attempt), lookup: lookup === 'l' };
}
