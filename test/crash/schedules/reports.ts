/** Reports that arrive once more, or that say the contrary. */
import type { MemoryState } from '../../../adapters/memory/store.ts';
import { parseStored, sha256 } from '../../../core/ledger/chain.ts';
import type { Entry, StoredEntry } from '../../../core/ledger/entry.ts';
import type { GuardRequest } from '../../../functions/guard/protocol.ts';

export type Reported = Extract<GuardRequest, { ask: 'report' }>;

/** Stored entries never change, and are asked about often. */
const parsedBefore = new WeakMap<StoredEntry, Entry[]>();

export const entriesOf = (state: MemoryState, run: string): Entry[] =>
	(state.chains.get(run) ?? []).flatMap((stored) => {
		const known = parsedBefore.get(stored);
		if (known) return known;
		const parsed = parseStored(stored);
		const entry = 'entry' in parsed ? [parsed.entry] : [];
		parsedBefore.set(stored, entry);
		return entry;
	});

/**
 * Once its word stands, a tool that says the contrary: it can hold a run up, and change nothing. It would be believed before,
 * and where the guard has refused to commit what it reported as done: the step is open still, and its tool may end it.
 */
export function opposite(said: Reported, state: MemoryState): Reported | undefined {
	const entries = entriesOf(state, said.run);
	const granted = entries.find((entry) => entry.kind === 'decision' && entry.grant?.tokenDigest === sha256(said.token));
	if (granted?.kind !== 'decision' || granted.attempt === undefined) return undefined;
	const { attempt, step } = granted;
	const stands = entries.some(
		(entry) => entry.kind === 'outcome' && entry.step === step && entry.attempts.includes(attempt) && entry.result === said.report.is,
	);
	if (!stands) return undefined;
	if (said.report.is === 'done') return { ...said, report: { is: 'failed', reason: 'it says now' } };
	return said.report.is === 'failed' ? { ...said, report: { is: 'done', output: { receipt: 'it says now' } } } : undefined;
}
