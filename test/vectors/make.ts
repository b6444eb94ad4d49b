/**
 * Writes the vectors of docs/spec/ledger.md: `node test/vectors/make.ts`. Everything in them follows from the inputs
 * beside it; `test/core/vectors-follow-from-their-inputs.test.ts` does that again, also without our code.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, hashOf, NO_HASH, sha256 } from '../../core/ledger/chain.ts';
import { contentDigest, idempotencyKey, seal, unseal } from '../../core/ledger/content.ts';
import { type Entry, entry as entryShape } from '../../core/ledger/entry.ts';
import {
	approved,
	checkpoint,
	closed,
	committed,
	denied,
	done,
	frozen,
	type Golden,
	granted,
	held,
	intent,
	KEY,
	lookedUp,
	absent,
	nonceOf,
	resumed,
	RUN,
	START,
	superseded,
	thawed,
	told,
	tokenOf,
} from '../doubles/ledger-builder.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A run that holds every kind of entry. */
const golden: Golden = told(
	intent('orders.find', 'payments.refund', 'carrier.recall', 'mail.send'),
	granted(1, 'read'),
	done(1, { facts: [{ type: 'Charge', id: 'c-1', attributes: { remainingCents: 5000, method: 'card', tags: ['a', 'ü', '😀'] } }] }),
	held(2, 'approval', { effect: 'transaction' }),
	approved(2),
	granted(2, 'transaction', { reason: 'approved', claim: { key: 'c-1', n: 1 }, spend: 1500 }),
	resumed(),
	superseded(2),
	granted(2, 'transaction', { spend: 1500 }),
	committed(2),
	granted(3, 'lookup'),
	lookedUp(3),
	absent(3),
	denied(3),
	checkpoint({ memory: { refunded: ['c-1'] } }),
	frozen(),
	thawed(),
	denied(4, 'policy', 'manual'),
	closed(),
);

/** What goes into an entry, and what comes out of it. */
function vectorOf(entry: Entry, place: number) {
	const stored = golden.stored[place];
	if (!stored) throw new Error(`no place ${place}`);
	const { sealed, ...clear } = entry;
	const content = sealed && 'bytes' in sealed ? unseal(KEY, entry, Buffer.from(sealed.bytes, 'base64url')) : undefined;
	return {
		clear,
		...(content !== undefined && {
			content,
			plain: canonical(content),
			aad: canonical({ kind: entry.kind, nonce: entry.nonce, run: entry.run, v: 1 }),
			ciphertextAndTag: sealed && 'bytes' in sealed ? hex(Buffer.from(sealed.bytes, 'base64url')) : '',
		}),
		body: stored.body,
		hash: hashOf(stored),
	};
}

/** A control chain: `frozen` and `thawed` alone, without content. */
function controlChain() {
	let prev = NO_HASH;
	return (['frozen', 'thawed'] as const).map((kind, place) => {
		const clear = {
			v: 1,
			run: '@all',
			place,
			prev,
			at: START + place,
			epoch: 0,
			gen: 'memory',
			nonce: nonceOf(place),
			kind,
			by: 'local:alice',
		};
		const body = canonical(entryShape.parse(clear));
		prev = sha256(body);
		return { clear, body, hash: prev };
	});
}

const large = { task: 'x'.repeat(5_000) };
const largeSealed = seal(KEY, { run: RUN, kind: 'opened', nonce: nonceOf(99) }, large);
const call = { tool: 'payments.refund', input: { amountCents: 1500, charge: 'c-1' }, purpose: 'due' };

const vectors = {
	about: 'Vectors of docs/spec/ledger.md, written by test/vectors/make.ts. Bytes are hex unless a field says otherwise.',
	key: hex(KEY),
	run: RUN,
	canonical: [
		{
			json: '{"b":1,"a":[true,null,"\\u20ac"],"\\u00f6":-0,"é":1e21}',
			text: canonical(JSON.parse('{"b":1,"a":[true,null,"\\u20ac"],"\\u00f6":-0,"é":1e21}')),
		},
		{
			json: '[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]',
			text: canonical(JSON.parse('[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]')),
		},
	],
	entries: golden.entries.map(vectorOf),
	control: controlChain(),
	payload: {
		kind: 'opened',
		nonce: nonceOf(99),
		plainRepeats: { before: '{"task":"', character: 'x', times: 5_000, after: '"}' },
		sealed: { payload: `${RUN}/${nonceOf(99)}`, sha256: sha256(largeSealed), sizeBytes: largeSealed.length },
		firstBytes: hex(largeSealed.subarray(0, 32)),
		tag: hex(largeSealed.subarray(-16)),
	},
	contentDigests: (['call', 'shown', 'prompt', 'answer'] as const).map((of) => ({
		of,
		value: call,
		canonical: canonical(call),
		digest: contentDigest(KEY, of, call),
	})),
	idempotencyKeys: [1, 2, 10].map((step) => ({ root: golden.state.root, step, key: idempotencyKey(golden.state.root, step) })),
	reportTokens: [tokenOf(1, 1), tokenOf(3, 'l1')].map((token) => ({ token, digest: sha256(token) })),
};

export const text = `${JSON.stringify(vectors, null, '\t')}\n`;
if (import.meta.main) writeFileSync(join(import.meta.dirname, 'ledger.json'), text);
