/**
 * What the core needs of the outside, each a port with one contract suite in `test/contract/`.
 * Adapters translate their technology's errors into these words; no SDK type passes.
 */

import type { Stretch } from './audit/coverage.ts';
import type { Finding } from './audit/finding.ts';
import type { Period } from './audit/periods.ts';
import type { Witness } from './audit/witness.ts';
import type { EpochMs, Json, MachineName } from './ids.ts';
import type { StoredEntry } from './ledger/entry.ts';

/** The log that is the lock: one append-only, hash-chained sequence of entries a chain. */
export interface Ledger {
	/** The table's own name for its present life; another after a restore from backup. */
	readonly generation: string;
	/** Entries of `chain` from place `from` on, ascending, consistent, at most `limit` (≤ 50). */
	read(chain: string, at: { from: number; limit: number }): Promise<StoredEntry[]>;
	/** The last `limit` entries of `chain`, ascending, consistent. */
	latest(chain: string, limit: number): Promise<StoredEntry[]>;
	/**
	 * Writes `entry` at its place unless the place is taken (L1), in one atomic write with `together`.
	 * Making the same call again after `unknown` is safe: a `conflict` with its own body means it had landed.
	 *
	 * @throws LedgerUnavailable when it is known that nothing was written and trying again at once is no use (full disk, damaged file).
	 */
	append(entry: StoredEntry, together?: Together): Promise<Appended>;
}

/**
 * What lands with an entry or not at all. `session`: in whose name to write, where the technology knows names. Who writes
 * changes nothing of what is written.
 */
export type Together = { readonly claim?: Claim; readonly writes?: readonly Write[]; readonly session?: Credentials };

/**
 * The end of one append. `conflict`: the place is taken, by `holder`. `claimed`: the claim is taken, by `holder`.
 * `refused`: the condition of write number `write` (from 0) does not hold. `unknown`: it may or may not exist.
 * A taken place is reported before a taken claim, and that before a refused write.
 */
export type Appended =
	| { is: 'appended' }
	| { is: 'conflict'; holder: StoredEntry }
	| { is: 'claimed'; holder: Claim }
	| { is: 'refused'; write: number }
	| { is: 'unknown'; cause: string };

/** One use of a business key. Insert-only; `n` counts from 1 and rises only when holder n ended without effect. */
export type Claim = {
	readonly tool: string;
	readonly key: string;
	readonly n: number;
	readonly run: string;
	readonly step: number;
	/** The checkpoint before the holder's decision: where to begin reading. */
	readonly hint: number;
};

export interface Claims {
	/** The claim with the highest `n` on this key, consistent. */
	latest(tool: string, key: string): Promise<Claim | undefined>;
}

/** A value of an application table. */
export type Attribute = string | number | boolean | null;
/**
 * One write of a `transaction` tool. `table` is the tool's declared name for it; the guard maps it to a real one.
 * `put` replaces the item, `add` adds to numbers (absent counts as 0), `set` sets attributes.
 * `onlyIf: 'absent'` demands that no item has this key; a record demands these values.
 */
export type Write = {
	readonly table: string;
	readonly key: string;
	readonly put?: Readonly<Record<string, Attribute>>;
	readonly add?: Readonly<Record<string, number>>;
	readonly set?: Readonly<Record<string, Attribute>>;
	readonly onlyIf?: 'absent' | Readonly<Record<string, Attribute>>;
};

/** Application tables that `transaction` tools write to, for those who read them. */
export interface Tables {
	get(table: string, key: string): Promise<Readonly<Record<string, Attribute>> | undefined>;
}

/** Keys of runs, 32 bytes each, apart from what they seal. */
export interface RunKeys {
	/** Stores `key` unless the run has one; answers the key that stands. */
	create(run: string, key: Uint8Array): Promise<Uint8Array>;
	/** `undefined` when there never was one, or it was destroyed. */
	get(run: string): Promise<Uint8Array | undefined>;
	/** Erases the run's content everywhere. Idempotent; a destroyed key can't be created again. */
	destroy(run: string): Promise<void>;
}

/** Ciphertexts too large for an entry. */
export interface Payloads {
	/** Durable once resolved. Insert-only: the same name again changes nothing. */
	put(name: string, bytes: Uint8Array): Promise<void>;
	get(name: string): Promise<Uint8Array | undefined>;
}

/** A projection for lists and sweepers, rebuilt from the ledger at will; never a truth. */
export interface Runs {
	/** Run ids in ascending order, after `after`. */
	list(page: { after?: string; limit: number }): Promise<string[]>;
}

/**
 * Witnesses, each once by its `eventID`, in whatever order they come. Insert-only.
 */
export interface Witnesses {
	/** Durable once resolved. `differs`: the same event was kept before and said otherwise; what was kept first stands. */
	put(witness: Witness): Promise<'kept' | 'known' | { readonly differs: Witness }>;
	/**
	 * What is kept about a run, a control chain or a name of `atLarge`, in ascending order of `(at, eventID)`, after `after`.
	 * Consistent: what was put before is there.
	 */
	about(subject: string, page: WitnessPage): Promise<Witness[]>;
	/** The calls of one session and its issue, whatever they are about, in the same order. */
	ofSession(accessKeyId: string, page: WitnessPage): Promise<Witness[]>;
	/** What there are witnesses about, each once and ascending: a run that has no ledger is among them. Consistent. */
	subjects(page: { readonly after?: string; readonly limit: number }): Promise<string[]>;
}
export type WitnessPage = { readonly after?: Pick<Witness, 'at' | 'eventID'>; readonly limit: number };

/** What readings of the trail's files have shown, each fact once, in whatever order they come. Insert-only: no fact replaces another. */
export interface Coverage {
	/** Durable once resolved. Put after the witnesses that it vouches for, never before. */
	put(stretch: Stretch): Promise<'kept' | 'known'>;
	/** The first `limit` that end after `fromMs` and not after `toMs`, as `rankOf` orders them. Consistent: what was put before is there. */
	ending(within: Period, limit: number): Promise<Stretch[]>;
}

/** Findings, each raised once by its id, however often and in whatever order its cause is seen. */
export interface Findings {
	/** Durable once resolved. `known`: it was raised before; the first record of it stands. */
	raise(finding: Finding): Promise<'raised' | 'known'>;
	/** In ascending order of ids, after `after`; of one run, or of all. */
	list(page: { readonly about?: string; readonly after?: string; readonly limit: number }): Promise<Finding[]>;
}

/** A session to be issued. `head` in the tags pins the ledger in whoever records the issue. */
export type SessionRequest = {
	readonly role: string;
	readonly sessionName: string;
	readonly sourceIdentity: string;
	readonly tags: Readonly<Record<string, string>>;
	/** JSON of the session policy. */
	readonly policy: string;
	readonly durationSeconds: number;
};
export type Credentials = {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	/** The issuer's word on when the session ends, by its own clock. */
	readonly expiresAt: EpochMs;
};
/** The credential broker's counter: STS, or the embedded issuer. */
export interface Issuer {
	/**
	 * Issues a session. One that is issued and never used does no harm, so asking again is safe.
	 * @throws SessionPolicyRefused when no session with this policy will ever be issued; anything else may be asked again.
	 */
	issue(request: SessionRequest): Promise<Credentials>;
}
/** Known: the broker takes no such session policy. The message says what of it, in ids and sizes only. */
export class SessionPolicyRefused extends Error {
	override name = 'SessionPolicyRefused';
}

/** What drives runs where they are deployed. An execution's name is taken once, so that racing callers start one. */
export interface Executions {
	/** `exists` when the name was used before. `input` is ids. */
	start(
		machine: MachineName,
		execution: { name: string; input: { readonly [key: string]: string | number } },
	): Promise<'started' | 'exists'>;
	isRunning(machine: MachineName, name: string): Promise<boolean>;
	/** The names of all that are under way. @throws when there are more than can be told. */
	running(machine: MachineName): Promise<string[]>;
}

export type PolicyQuestion = {
	readonly principal: EntityUid;
	readonly action: EntityUid;
	readonly resource: EntityUid;
	readonly context: { readonly [key: string]: Json };
	readonly entities: readonly PolicyEntity[];
};
export type EntityUid = { readonly type: string; readonly id: string };
export type PolicyEntity = {
	readonly uid: EntityUid;
	readonly attrs: { readonly [key: string]: Json };
	readonly parents: readonly EntityUid[];
};
/** `errors` non-empty always comes with `deny` (I3). */
export type PolicyAnswer = { readonly verdict: 'allow' | 'deny'; readonly policies: readonly string[]; readonly errors: readonly string[] };
/** Without an input: what holds whatever it is, and which policies it depends on otherwise. */
export type PartialAnswer = { readonly verdict: 'allow' | 'deny' | 'depends'; readonly policies: readonly string[] };
/** One agent's policies, in process. Synchronous: a decision waits for nothing. */
export interface Policies {
	/** Digest of all texts and the schema. */
	readonly digest: string;
	decide(question: PolicyQuestion): PolicyAnswer;
	/** The answer while input and resource are unknown. */
	decideWithoutInput(question: Omit<PolicyQuestion, 'resource'> & { resourceType: string }): PartialAnswer;
}

export interface Clock {
	now(): EpochMs;
}
export interface Randomness {
	bytes(length: number): Uint8Array;
}

/** Known: nothing was written, and an operator has to act. The message says how. */
export class LedgerUnavailable extends Error {
	override name = 'LedgerUnavailable';
}
