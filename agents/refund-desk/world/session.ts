/** Who is calling: the session token `<base64url(JSON claims)>.<base64url(Ed25519 signature)>`. It is read and never stored. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';

export const SESSION_HEADER = 'x-session-token';
const TOKEN_CHARACTERS = 8_192;

const epochMs = z.int().min(0);
const claims = z.object({
	accessKeyId: z.string().min(1).max(128),
	role: z.string().max(200),
	sessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
	sourceIdentity: z.string().max(64),
	tags: z.record(z.string().max(128), z.string().max(256)),
	policy: z.string().max(2_048),
	expiresAt: epochMs,
	issuedAt: epochMs,
});
type Claims = z.infer<typeof claims>;

/** Of a session policy what is read here: from when on it denies. */
const sessionPolicy = z.object({
	Statement: z.array(
		z.object({
			Effect: z.enum(['Allow', 'Deny']),
			Condition: z.object({ DateGreaterThan: z.object({ 'aws:CurrentTime': z.iso.datetime() }) }).optional(),
		}),
	),
});

/** What journals keep of a caller. Older ones have its names only. */
export const by = z
	.strictObject({
		sessionName: z.string(),
		accessKeyId: z.string(),
		role: z.string().exactOptional(),
		sourceIdentity: z.string().exactOptional(),
	})
	.nullable();
export type By = z.infer<typeof by>;

export type Verified =
	| { is: 'valid'; by: By }
	| { is: 'missing'; by: null }
	/** `by` where the signature is right, and its policy can't be read. */
	| { is: 'malformed'; by: By }
	| { is: 'forged'; by: null }
	/** The signature is right, so the caller is known. */
	| { is: 'expired'; by: By; endedAt: number };

/** The session's word for itself, unchecked: all that orders, carrier and mail ask for. */
export function claimedBy(token: string | undefined): By {
	const parts = split(token);
	return parts ? who(parts.claims) : null;
}

/** Checks signature and expiry. A session that ends now is still good; one that ended a millisecond ago is not. */
export function verifySession(token: string | undefined, { key, nowMs }: { key: KeyObject; nowMs: number }): Verified {
	if (token === undefined) return { is: 'missing', by: null };
	const parts = split(token);
	if (!parts) return { is: 'malformed', by: null };
	if (!verify(null, Buffer.from(parts.signed, 'ascii'), key, parts.signature)) return { is: 'forged', by: null };
	const endedAt = endOf(parts.claims);
	if (endedAt === undefined) return { is: 'malformed', by: who(parts.claims) };
	return nowMs > endedAt ? { is: 'expired', by: who(parts.claims), endedAt } : { is: 'valid', by: who(parts.claims) };
}

/** The session's own end, or the earlier one of its policy. `undefined` for a policy that can't be read: such a session may do nothing. */
function endOf({ policy, expiresAt }: Claims): number | undefined {
	const parsed = sessionPolicy.safeParse(parseJson(policy));
	if (!parsed.success) return undefined;
	const denials = parsed.data.Statement.filter(({ Effect }) => Effect === 'Deny');
	// Whatever else it is that is denied without a condition, the session was not meant for this.
	return Math.min(expiresAt, ...denials.map(({ Condition }) => (Condition ? Date.parse(Condition.DateGreaterThan['aws:CurrentTime']) : 0)));
}

/** Reads the issuer's key at every use: the file may not exist yet, and may be replaced. `undefined` while there is no good one. */
export function issuerKeyFrom(file: string | undefined): () => KeyObject | undefined {
	let parsed: { pem: string; key: KeyObject | undefined } | undefined;
	return () => {
		const pem = file === undefined ? undefined : readText(file);
		if (pem === undefined) return undefined;
		if (parsed?.pem !== pem) parsed = { pem, key: parseKey(pem) };
		return parsed.key;
	};
}

function who({ sessionName, accessKeyId, role, sourceIdentity }: Claims): By {
	return { sessionName, accessKeyId, role, sourceIdentity };
}

function split(token: string | undefined): { signed: string; signature: Buffer; claims: Claims } | undefined {
	if (token === undefined || token.length > TOKEN_CHARACTERS) return undefined;
	const match = /^([\w-]+)\.([\w-]+)$/.exec(token);
	if (!match?.[1] || !match[2]) return undefined;
	const parsed = claims.safeParse(parseJson(Buffer.from(match[1], 'base64url').toString('utf8')));
	return parsed.success ? { signed: match[1], signature: Buffer.from(match[2], 'base64url'), claims: parsed.data } : undefined;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

function parseKey(pem: string): KeyObject | undefined {
	try {
		const key = createPublicKey(pem);
		return key.asymmetricKeyType === 'ed25519' ? key : undefined;
	} catch {
		return undefined;
	}
}
