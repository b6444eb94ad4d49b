/**
 * What stands sealed in an entry: its plain shapes, and how they are sealed under the run's key.
 * AES-256-GCM; the entry's own nonce is the IV, so no two contents share one. The associated data binds
 * a ciphertext to its run, kind and entry. Without the key the envelope still verifies (erasure).
 * @see docs/spec/ledger.md#content
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { CONTENT_BYTES } from '../bounds.ts';
import type { Json } from '../ids.ts';
import { json } from '../json.ts';
import { canonical, sha256 } from './chain.ts';
import type { Kind } from './entry.ts';

const text = z.string();

/** A fact as it stands in an outcome. */
export const factShape = z.strictObject({
	type: z.string().max(60),
	id: z.string().max(200),
	attributes: z.record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean(), z.array(z.string().max(200)).max(50)])),
});
export type StoredFact = z.infer<typeof factShape>;
export const factRecord = z.strictObject({ ...factShape.shape, at: z.int(), step: z.int() });
/** A fact as the run remembers it: since when, and from which step. */
export type FactRecord = z.infer<typeof factRecord>;

/** The plain shape of each kind's content; a kind that is not here has none. */
export const contents = {
	opened: z.strictObject({ task: json }),
	intent: z.strictObject({
		calls: z.array(z.strictObject({ tool: text, input: json, purpose: text })),
		reason: text.optional(),
		rejected: text.optional(),
	}),
	decision: z.strictObject({ why: text.optional(), holder: text.optional(), shown: json.optional(), errors: z.array(text).optional() }),
	approval: z.strictObject({ note: text }),
	outcome: z.strictObject({ result: json.optional(), reason: text.optional(), facts: z.array(factShape).optional() }),
	checkpoint: z.strictObject({ facts: z.array(factRecord), memory: json.optional() }),
	frozen: z.strictObject({ reason: text }),
	thawed: z.strictObject({ reason: text }),
	closed: z.strictObject({ answer: json.optional(), reason: text.optional() }),
};
export type ContentKind = keyof typeof contents;
export type Content<K extends ContentKind> = z.infer<(typeof contents)[K]>;
export type AnyContent = { [K in ContentKind]: Content<K> }[ContentKind];

/** The nonce's 16 base64url characters are the 12 bytes of the IV. */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Bound = { readonly run: string; readonly kind: Kind; readonly nonce: string };
/** Canonical as it is written: its keys are in order, and names have no character that needs care. */
const bindings = ({ kind, nonce, run }: Bound): Buffer => Buffer.from(JSON.stringify({ kind, nonce, run, v: 1 }));

/**
 * Ciphertext and tag of `plain` under `key`.
 *
 * @throws RangeError when the content is larger than a ledger takes.
 */
export function seal(key: Uint8Array, bound: Bound, plain: Json): Uint8Array {
	const bytes = Buffer.from(canonical(plain));
	if (bytes.length > CONTENT_BYTES) throw new RangeError(`content of ${bytes.length} bytes; a ledger takes ${CONTENT_BYTES}`);
	const cipher = createCipheriv('aes-256-gcm', prepared(key).key, Buffer.from(bound.nonce, 'base64url'));
	cipher.setAAD(bindings(bound));
	return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** The plain content, or `undefined` when key, binding or bytes are not the ones it was sealed with. */
export function unseal(key: Uint8Array, bound: Bound, sealedBytes: Uint8Array): unknown {
	if (sealedBytes.length < TAG_BYTES) return undefined;
	try {
		const decipher = createDecipheriv('aes-256-gcm', prepared(key).key, Buffer.from(bound.nonce, 'base64url'), {
			authTagLength: TAG_BYTES,
		});
		decipher.setAAD(bindings(bound));
		decipher.setAuthTag(sealedBytes.subarray(sealedBytes.length - TAG_BYTES));
		const plain = Buffer.concat([decipher.update(sealedBytes.subarray(0, sealedBytes.length - TAG_BYTES)), decipher.final()]);
		return JSON.parse(plain.toString('utf8'));
	} catch {
		return undefined;
	}
}

type Digested = 'call' | 'shown' | 'prompt' | 'answer';
type Prepared = { readonly key: KeyObject; readonly digestKeys: Map<Digested, KeyObject> };

/** Keys made ready for use, as long as the run's key itself is held: making them costs more than sealing an entry. */
const preparedKeys = new WeakMap<Uint8Array, Prepared>();
function prepared(key: Uint8Array): Prepared {
	const known = preparedKeys.get(key);
	if (known) return known;
	const fresh = { key: createSecretKey(key), digestKeys: new Map<Digested, KeyObject>() };
	preparedKeys.set(key, fresh);
	return fresh;
}

function digestKey(key: Uint8Array, of: Digested): KeyObject {
	const { digestKeys } = prepared(key);
	const derived = digestKeys.get(of) ?? createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `throughline content digest: ${of}`, 32)));
	digestKeys.set(of, derived);
	return derived;
}

/**
 * A digest of content that may stand in clear: keyed, so that it tells nothing once the run's key is destroyed.
 * Bound to what it is a digest of, so that a call and what a person was shown never share one.
 */
export function contentDigest(key: Uint8Array, of: Digested, value: Json): string {
	return createHmac('sha256', digestKey(key, of)).update(canonical(value)).digest('hex');
}

/**
 * The key a target is given for a step: the same for every attempt, and no other ledger's, since `root`
 * is the hash of the run's first entry. 32 characters of base64url.
 */
export function idempotencyKey(root: string, step: number): string {
	return Buffer.from(sha256(`throughline idempotency key\n${root}\n${step}`), 'hex')
		.subarray(0, 24)
		.toString('base64url');
}
