/**
 * Appending: one conditional write that is the lock, the checkpoint and the evidence at once (L1).
 * A crash right before it leaves nothing; right after it, all there is to know.
 */
import assert from 'node:assert/strict';
import { INLINE_CONTENT_BYTES, PLACES_LOST, PUTS_REPEATED } from '../bounds.ts';
import type { EpochMs, Json } from '../ids.ts';
import { type Appended, type Claim, LedgerUnavailable, type Together } from '../ports.ts';
import { canonical, NO_HASH, sha256 } from './chain.ts';
import { type Content, type ContentKind, contents, NONCE_BYTES, seal } from './content.ts';
import { type Draft, type Entry, entry as entryShape, type Kind, type Sealed, type StoredEntry } from './entry.ts';
import { fold, openedOf } from './fold.ts';
import { type Reader, RunKeyLost, rememberContent, type Store, type View } from './read.ts';

/** It may or may not have been written, and asking again did not tell. Retryable: the next reading knows. */
export class AppendUnknown extends Error {
	override name = 'AppendUnknown';
}
/** Others were faster too often. Retryable. */
export class PlaceContended extends Error {
	override name = 'PlaceContended';
}

/** `lost`: another entry holds the place; read on and decide again. */
export type Written =
	| { is: 'written'; view: View; entry: Entry }
	| { is: 'lost' }
	| { is: 'claimed'; holder: Claim }
	| { is: 'refused'; write: number };

type DraftOf<K extends Kind> = Extract<Draft, { kind: K }>;

/**
 * Appends `draft` after the view's head, with its content sealed.
 *
 * @throws AssertionError for an entry that may not follow (L3): a fault in the caller, nothing is written.
 * @throws RunKeyLost when there is content to seal and no key to seal it with.
 * @throws AppendUnknown, LedgerUnavailable
 * @see docs/spec/ledger.md#append
 */
export async function append<K extends Kind>(
	{ store, reader }: { store: Store; reader: Reader },
	view: View,
	draft: DraftOf<K>,
	more: { content?: K extends ContentKind ? Content<K> : never; together?: Together; at?: EpochMs } = {},
): Promise<Written> {
	const { state } = view;
	const nonce = Buffer.from(store.randomness.bytes(NONCE_BYTES)).toString('base64url');
	const bound = { run: state.run, kind: draft.kind, nonce };
	const sealed = more.content && (await sealContent(store, view.key, bound, more.content));
	const placed = {
		...draft,
		v: 1,
		run: state.run,
		place: state.head.place + 1,
		prev: state.head.hash,
		// A decision carries the moment it was made at, so that it can be made again by whoever verifies it.
		at: more.at ?? store.clock.now(),
		gen: store.ledger.generation,
		nonce,
		...(sealed && { sealed }),
	};
	const entry = entryShape.parse(placed);
	const stored: StoredEntry = { chain: state.run, place: entry.place, body: canonical(entry) };
	const folded = fold(state, entry, sha256(stored.body), more.content ? openedOf(entry, more.content) : {});
	assert(
		folded.is === 'legal',
		`illegal ${draft.kind} at place ${entry.place} of ${state.run}: ${folded.is === 'illegal' ? folded.why : ''}`,
	);
	const answer = await put(store, stored, more.together);
	if (answer.is === 'conflict') return { is: 'lost' };
	if (answer.is !== 'appended') return answer;
	const hash = folded.state.head.hash;
	// One window for both: a view asks for places up to its own head, so what joins beyond it is not seen.
	view.window.set(entry.place, { entry, hash });
	const next: View = { ...view, state: folded.state };
	if (more.content) rememberContent(entry, more.content);
	reader.keep(next);
	return { is: 'written', view: next, entry };
}

/** Appends the first entry of a run. `lost` when the run exists. */
export async function appendFirst(
	store: Store,
	run: string,
	draft: DraftOf<'opened'>,
	task: Json,
): Promise<{ is: 'written' } | { is: 'lost' }> {
	const key = await store.keys.create(run, store.randomness.bytes(32));
	const nonce = Buffer.from(store.randomness.bytes(NONCE_BYTES)).toString('base64url');
	const sealed = await sealContent(store, key, { run, kind: 'opened', nonce }, { task });
	const placed = { ...draft, v: 1, run, place: 0, prev: NO_HASH, at: store.clock.now(), gen: store.ledger.generation, nonce, sealed };
	const answer = await put(store, { chain: run, place: 0, body: canonical(entryShape.parse(placed)) });
	return answer.is === 'appended' ? { is: 'written' } : { is: 'lost' };
}

/** Makes the same put until its end is known: a conflict with our own bytes means that it had landed. */
export async function put(
	store: Pick<Store, 'ledger'>,
	stored: StoredEntry,
	together?: Together,
): Promise<Exclude<Appended, { is: 'unknown' }>> {
	let cause = '';
	for (let time = 0; time < PUTS_REPEATED; time += 1) {
		try {
			const answer = await store.ledger.append(stored, together);
			if (answer.is === 'conflict' && answer.holder.body === stored.body) return { is: 'appended' };
			if (answer.is !== 'unknown') return answer;
			cause = answer.cause;
		} catch (error) {
			// It says that this try wrote nothing; of an earlier one nobody knows.
			if (cause === '' || !(error instanceof LedgerUnavailable)) throw error;
			cause = `${cause}; then ${error.message}`;
			break;
		}
	}
	throw new AppendUnknown(`place ${stored.place} of ${stored.chain} may or may not be written (${cause}); try again`);
}

async function sealContent(
	store: Store,
	key: Uint8Array | undefined,
	bound: { run: string; kind: Kind; nonce: string },
	content: Content<ContentKind>,
): Promise<Sealed> {
	if (!key) throw new RunKeyLost(bound.run);
	const plain = contents[bound.kind as ContentKind].parse(content) as Json;
	const bytes = seal(key, bound, plain);
	if (bytes.length <= INLINE_CONTENT_BYTES) return { bytes: Buffer.from(bytes).toString('base64url') };
	// Durable before the entry that points to it: a crash in between leaves a payload that nothing names.
	const payload = `${bound.run}/${bound.nonce}`;
	await store.payloads.put(payload, bytes);
	return { payload, sha256: sha256(bytes), sizeBytes: bytes.length };
}

/** What one round of deciding comes to; `again` after a lost place, or when an append was only the first of several. */
export type Round<T> = { answer: T } | 'again';

/**
 * Reads, decides, and decides again from there whenever another writer was faster.
 *
 * @throws PlaceContended after a bounded number of rounds.
 */
export async function decideUntilPlaced<T>(
	reader: Reader,
	{ run, hint }: { run: string; hint?: number | undefined },
	decide: (view: View) => Promise<Round<T>>,
): Promise<T> {
	for (let round = 0; round < PLACES_LOST; round += 1) {
		const result = await decide(await reader.read(run, { hint }));
		if (result !== 'again') return result.answer;
	}
	throw new PlaceContended(`run ${run}: other writers took the next place ${PLACES_LOST} times in a row; try again`);
}
