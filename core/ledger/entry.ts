/**
 * One entry of the ledger: an envelope in clear, its content sealed.
 * @see docs/spec/ledger.md
 */
import * as z from 'zod';
import { agentName, caller, chainId, digest, effects, epochMs, toolName } from '../ids.ts';

const count = z.int().min(0);
const place = z.int().min(0).max(999_999_999);
const code = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const nonce = z.string().regex(/^[A-Za-z0-9_-]{16}$/);
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);

/** Content under the run's key: here, or in the payload store with the digest of its ciphertext. */
export const sealed = z.union([
	z.strictObject({ bytes: base64url }),
	z.strictObject({ payload: z.string().max(80), sha256: digest, sizeBytes: count }),
]);
export type Sealed = z.infer<typeof sealed>;

/** What a run may use up, over all its epochs. `spend` is in the agent's own unit. */
export const budget = z.strictObject({ steps: count, turns: count, spend: count.nullable() });
export type Budget = z.infer<typeof budget>;

const envelope = {
	v: z.literal(1),
	run: chainId,
	place,
	prev: digest,
	at: epochMs,
	epoch: count,
	gen: z.string().min(1).max(40),
	nonce,
	sealed: sealed.optional(),
};

const grant = z.strictObject({
	accessKeyId: z.string().max(128),
	role: z.string().max(200),
	/** The session policy denies everything from then on. */
	notAfter: epochMs,
	/** How long the attempt may act, from any moment at which it was seen open. */
	windowMs: count,
	policyDigest: digest,
	tokenDigest: digest,
});
export type Grant = z.infer<typeof grant>;

export const opened = z.strictObject({
	...envelope,
	kind: z.literal('opened'),
	agent: agentName,
	driver: z.enum(['planner', 'outside']),
	by: caller,
	budget,
	code: digest,
});

export const resumed = z.strictObject({
	...envelope,
	kind: z.literal('resumed'),
	by: caller,
	reason: z.enum(['recovery', 'answer', 'handover', 'person']),
});

export const intent = z.strictObject({
	...envelope,
	kind: z.literal('intent'),
	/** The place its planner had read to: always the one before its own. */
	readTo: place,
	calls: z.array(z.strictObject({ step: z.int().min(1), tool: toolName, call: digest })).max(64),
	model: z
		.strictObject({
			name: z.string().max(120),
			inputTokens: count,
			outputTokens: count,
			prompt: digest.optional(),
			answer: digest.optional(),
		})
		.optional(),
	/** Why a plan was refused as a whole; it then has no calls. */
	rejected: code.optional(),
});

export const decision = z.strictObject({
	...envelope,
	kind: z.literal('decision'),
	step: z.int().min(1),
	verdict: z.enum(['allow', 'deny', 'hold']),
	reason: code,
	effect: z.enum(effects),
	/** The policies that determined it, and the digest of all that were asked. */
	policies: z.array(z.string().max(120)).max(50),
	policyDigest: digest,
	/** Whether a person's approval was needed and counted. */
	approved: z.boolean(),
	attempt: z.int().min(1).optional(),
	/** The attempts a lookup asks about; it is no attempt itself. */
	asks: z.array(z.int().min(1)).max(16).optional(),
	grant: grant.optional(),
	hold: z.strictObject({ for: z.enum(['approval', 'doubt']), shown: digest }).optional(),
	claim: z.strictObject({ key: z.string().max(200), n: z.int().min(1) }).optional(),
	spend: count.optional(),
	/** Heads of the control chains it was decided under, where they hold anything. */
	controls: z.array(digest).max(2).optional(),
});

export const approval = z.strictObject({
	...envelope,
	kind: z.literal('approval'),
	step: z.int().min(1),
	answer: z.enum(['approved', 'refused']),
	shown: digest,
	by: caller,
	expiresAt: epochMs,
});

export const outcome = z.strictObject({
	...envelope,
	kind: z.literal('outcome'),
	step: z.int().min(1),
	attempts: z.array(z.int().min(1)).min(1).max(16),
	result: z.enum(['done', 'failed']),
	by: z.enum(['tool', 'target', 'person', 'guard']),
	reason: code.optional(),
	/** The person, where one says so. */
	who: caller.optional(),
	/** What ended any zombie before this could be concluded. */
	restsOn: z.enum(['credentials', 'runtime']).optional(),
	/** The session that committed a transaction; it was handed to nobody. */
	commit: z.string().max(128).optional(),
	/** This says otherwise than the record before it; both stay, and the run is held. */
	contradicts: z.literal(true).optional(),
	/** A person's word on what stands after a contradiction. */
	stands: z.literal(true).optional(),
	/** The result was not of the tool's declared shape; it is kept as it came. */
	malformed: z.literal(true).optional(),
	/** The content declares facts. */
	facts: z.literal(true).optional(),
});

export const checkpoint = z.strictObject({
	...envelope,
	kind: z.literal('checkpoint'),
	/** The folded state, as `encodeState` writes it. */
	state: z.record(z.string(), z.unknown()),
	/** The place up to which the agent's memory in here knows what happened; null without memory. */
	memory: place.nullable(),
});

export const frozen = z.strictObject({ ...envelope, kind: z.literal('frozen'), by: caller });
export const thawed = z.strictObject({ ...envelope, kind: z.literal('thawed'), by: caller });

export const closed = z.strictObject({
	...envelope,
	kind: z.literal('closed'),
	how: z.enum(['finished', 'stopped', 'exhausted']),
	by: caller,
});

/** Everything a ledger may hold. */
export const entry = z.discriminatedUnion('kind', [
	opened,
	resumed,
	intent,
	decision,
	approval,
	outcome,
	checkpoint,
	frozen,
	thawed,
	closed,
]);
export type Entry = z.infer<typeof entry>;
export type Kind = Entry['kind'];
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

type Settled<T> = unknown extends T
	? T
	: T extends string | number | boolean | null | undefined
		? T
		: T extends readonly (infer Item)[]
			? readonly Settled<Item>[]
			: { readonly [K in keyof T]: Settled<T[K]> };
type Unplaced<E> = E extends unknown ? Settled<Omit<E, 'v' | 'run' | 'place' | 'prev' | 'at' | 'gen' | 'nonce' | 'sealed'>> : never;
/** What a writer says; place, prev, time, nonce and seal are added when it is appended. */
export type Draft = Unplaced<Entry>;

/** An entry as it is stored: `body` is the canonical string that was hashed. */
export type StoredEntry = { readonly chain: string; readonly place: number; readonly body: string };
