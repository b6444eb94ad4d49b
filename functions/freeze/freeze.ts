/** Freezes and thaws: one run in its own ledger, an agent or everything in a control chain. */
import { epochMs } from '../../core/ids.ts';
import { append, decideUntilPlaced, put, type Round } from '../../core/ledger/append.ts';
import { canonical, NO_HASH, parseStored } from '../../core/ledger/chain.ts';
import { NONCE_BYTES } from '../../core/ledger/content.ts';
import { entry as entryShape } from '../../core/ledger/entry.ts';
import { LedgerBroken, type Store } from '../../core/ledger/read.ts';
import type { Surroundings } from '../surroundings.ts';

export type FreezeEvent = { readonly is: 'freeze' | 'thaw'; readonly by: string; readonly reason: string };
export type FreezeAnswer = { is: 'recorded' } | { is: 'already' };

export function freezeRun(run: string, event: FreezeEvent, around: Surroundings): Promise<FreezeAnswer> {
	return decideUntilPlaced(around.reader, { run }, async (view): Promise<Round<FreezeAnswer>> => {
		const { state } = view;
		if ((state.frozen !== null) === (event.is === 'freeze')) return { answer: { is: 'already' } };
		const draft = { kind: event.is === 'freeze' ? 'frozen' : 'thawed', epoch: state.epoch, by: event.by } as const;
		const written = await append(around, view, draft, view.key ? { content: { reason: event.reason } } : {});
		return written.is === 'written' ? { answer: { is: 'recorded' } } : 'again';
	});
}

const TRIES = 20;

/** `chain` is `@all` or an agent's. Control chains have no key: the reason stays with whoever froze. */
export async function freezeChain(chain: string, event: FreezeEvent, store: Store): Promise<FreezeAnswer> {
	for (let time = 0; time < TRIES; time += 1) {
		const [head] = await store.ledger.latest(chain, 1);
		const parsed = head && parseStored(head);
		if (parsed && 'broken' in parsed) throw new LedgerBroken(parsed.broken);
		if ((parsed?.entry.kind === 'frozen') === (event.is === 'freeze')) return { is: 'already' };
		const entry = entryShape.parse({
			v: 1,
			run: chain,
			place: head ? head.place + 1 : 0,
			prev: parsed?.hash ?? NO_HASH,
			at: epochMs.parse(store.clock.now()),
			epoch: 0,
			gen: store.ledger.generation,
			nonce: Buffer.from(store.randomness.bytes(NONCE_BYTES)).toString('base64url'),
			kind: event.is === 'freeze' ? 'frozen' : 'thawed',
			by: event.by,
		});
		const answer = await put(store, { chain, place: entry.place, body: canonical(entry) });
		if (answer.is === 'appended') return { is: 'recorded' };
	}
	throw new Error(`chain ${chain}: others took the next place ${TRIES} times in a row; try again`);
}
