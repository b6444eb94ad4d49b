// docs/spec/ledger.md: the committed vectors follow from their inputs, by our code and by node:crypto and the spec alone.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { canonical, hashOf, sha256, verifyChain } from '../../core/ledger/chain.ts';
import { contentDigest, idempotencyKey, seal, unseal } from '../../core/ledger/content.ts';
import { entry as entryShape } from '../../core/ledger/entry.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { text as made } from '../vectors/make.ts';

const file = readFileSync(join(import.meta.dirname, '../vectors/ledger.json'), 'utf8');
const clear = z.looseObject({ kind: z.string(), run: z.string(), nonce: z.string(), place: z.number(), prev: z.string() });
const entryVector = z.strictObject({
	clear,
	content: z.json().optional(),
	plain: z.string().optional(),
	aad: z.string().optional(),
	ciphertextAndTag: z.string().optional(),
	body: z.string(),
	hash: z.string(),
});
const vectors = z
	.strictObject({
		about: z.string(),
		key: z.string().transform((hex) => Buffer.from(hex, 'hex')),
		run: z.string(),
		canonical: z.array(z.strictObject({ json: z.string(), text: z.string() })),
		entries: z.array(entryVector),
		control: z.array(z.strictObject({ clear, body: z.string(), hash: z.string() })),
		payload: z.strictObject({
			kind: z.literal('opened'),
			nonce: z.string(),
			plainRepeats: z.strictObject({ before: z.string(), character: z.string(), times: z.number(), after: z.string() }),
			sealed: z.strictObject({ payload: z.string(), sha256: z.string(), sizeBytes: z.number() }),
			firstBytes: z.string(),
			tag: z.string(),
		}),
		contentDigests: z.array(
			z.strictObject({ of: z.enum(['call', 'shown', 'prompt', 'answer']), value: z.json(), canonical: z.string(), digest: z.string() }),
		),
		idempotencyKeys: z.array(z.strictObject({ root: z.string(), step: z.number(), key: z.string() })),
		reportTokens: z.array(z.strictObject({ token: z.string(), digest: z.string() })),
	})
	.parse(JSON.parse(file));
const { key, run, payload } = vectors;

test('the committed file is what make.ts writes', () => {
	expect(made).toBe(file);
});

test('there is one of every kind', () => {
	const kinds = ['approval', 'checkpoint', 'closed', 'decision', 'frozen', 'intent', 'opened', 'outcome', 'resumed', 'thawed'];
	expect([...new Set(vectors.entries.map((each) => each.clear.kind))].sort()).toEqual(kinds);
});

describe('by our code', () => {
	test.for(vectors.entries)('entry $clear.place, $clear.kind', (vector) => {
		const kind = entryShape.parse(JSON.parse(vector.body)).kind;
		const bound = { run, kind, nonce: vector.clear.nonce };
		const sealed = vector.content === undefined ? undefined : Buffer.from(seal(key, bound, vector.content));
		expect(sealed?.toString('hex')).toBe(vector.ciphertextAndTag);
		if (sealed) expect(unseal(key, bound, sealed)).toEqual(vector.content);
		const entry = entryShape.parse({ ...vector.clear, ...(sealed && { sealed: { bytes: sealed.toString('base64url') } }) });
		expect(canonical(entry)).toBe(vector.body);
		expect(hashOf({ chain: run, place: vector.clear.place, body: vector.body })).toBe(vector.hash);
	});

	test('the run verifies, and so does the control chain', () => {
		const stored = vectors.entries.map((each, place) => ({ chain: run, place, body: each.body }));
		expect(verifyRun(run, stored)).toMatchObject({ is: 'whole', state: { head: { hash: vectors.entries.at(-1)?.hash } } });
		const control = vectors.control.map((each, place) => ({ chain: '@all', place, body: each.body }));
		expect(verifyChain('@all', control)).toEqual({ is: 'whole', entries: 2, head: vectors.control[1]?.hash });
	});

	test('digests and keys', () => {
		for (const { json, text } of vectors.canonical) expect(canonical(JSON.parse(json))).toBe(text);
		for (const { of, value, digest } of vectors.contentDigests) expect(contentDigest(key, of, value)).toBe(digest);
		for (const { root, step, key: expected } of vectors.idempotencyKeys) expect(idempotencyKey(root, step)).toBe(expected);
		for (const { token, digest } of vectors.reportTokens) expect(sha256(token)).toBe(digest);
	});
});

describe('by the spec alone', () => {
	/** Enough of RFC 8785 for these values: keys in the order of UTF-16 code units, everything else as JSON.stringify has it. */
	const jcs = (value: unknown): string => {
		if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
		if (typeof value !== 'object' || value === null) return JSON.stringify(value);
		const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
		return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`;
	};
	const digestOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

	test.for(vectors.entries)('entry $clear.place, $clear.kind', ({ clear: fields, content, plain, aad, ciphertextAndTag, body, hash }) => {
		const sealed = ciphertextAndTag === undefined ? undefined : Buffer.from(ciphertextAndTag, 'hex');
		expect(jcs({ ...fields, ...(sealed && { sealed: { bytes: sealed.toString('base64url') } }) })).toBe(body);
		expect(digestOf(body)).toBe(hash);
		expect(fields.prev).toBe(fields.place === 0 ? '0'.repeat(64) : vectors.entries[fields.place - 1]?.hash);
		if (!sealed || plain === undefined || aad === undefined) return;
		expect(jcs(content)).toBe(plain);
		expect(jcs({ kind: fields.kind, nonce: fields.nonce, run, v: 1 })).toBe(aad);
		const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(fields.nonce, 'base64url'));
		decipher.setAAD(Buffer.from(aad)).setAuthTag(sealed.subarray(-16));
		expect(decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(plain);
	});

	test('the payload', () => {
		const { before, character, times, after } = payload.plainRepeats;
		const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(payload.nonce, 'base64url'));
		cipher.setAAD(Buffer.from(jcs({ kind: payload.kind, nonce: payload.nonce, run, v: 1 })));
		const sealed = Buffer.concat([cipher.update(before + character.repeat(times) + after), cipher.final(), cipher.getAuthTag()]);
		expect(payload.sealed).toEqual({ payload: `${run}/${payload.nonce}`, sha256: digestOf(sealed), sizeBytes: sealed.length });
		expect([sealed.toString('hex', 0, 32), sealed.toString('hex', sealed.length - 16)]).toEqual([payload.firstBytes, payload.tag]);
	});

	test('digests and keys', () => {
		for (const { of, value, canonical: text, digest } of vectors.contentDigests) {
			expect(jcs(value)).toBe(text);
			const derived = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `throughline content digest: ${of}`, 32));
			expect(createHmac('sha256', derived).update(text).digest('hex')).toBe(digest);
		}
		for (const { root, step, key: expected } of vectors.idempotencyKeys) {
			const hash = createHash('sha256').update(`throughline idempotency key\n${root}\n${step}`).digest();
			expect(hash.subarray(0, 24).toString('base64url')).toBe(expected);
		}
		expect(vectors.idempotencyKeys[0]?.root).toBe(vectors.entries[0]?.hash);
		for (const { token, digest } of vectors.reportTokens) expect(digestOf(token)).toBe(digest);
	});
});
