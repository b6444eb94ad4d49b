/** Hears what every append was answered, and whether that can be so: what was acknowledged has to be there for good. */

import { parseStored, sha256 } from '../../core/ledger/chain.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import type { Entry, StoredEntry } from '../../core/ledger/entry.ts';
import type { Appended, Ledger } from '../../core/ports.ts';
import type { Effect } from '../doubles/outside.ts';

export type Asked = { readonly entry: StoredEntry; readonly answer: Appended | { readonly is: 'threw' } };

/** The same ledger, its answers written down in the order in which they came. */
export const witnessed = (ledger: Ledger, asked: Asked[]): Ledger => ({
	...ledger,
	append: async (entry, together) => {
		try {
			const answer = await ledger.append(entry, together);
			asked.push({ entry, answer });
			return answer;
		} catch (error) {
			asked.push({ entry, answer: { is: 'threw' } });
			throw error;
		}
	},
});

/** A conflict with its own body tells the writer that it stands. */
export const isAcknowledged = ({ entry, answer }: Asked): boolean =>
	answer.is === 'appended' || (answer.is === 'conflict' && answer.holder.body === entry.body);

/** `ok` landed, `fail` is known not to have landed, of `unknown` neither was known at the time. */
export function tallied(asked: readonly Asked[]): { ok: number; fail: number; unknown: number } {
	const tally = { ok: 0, fail: 0, unknown: 0 };
	for (const one of asked)
		tally[isAcknowledged(one) ? 'ok' : one.answer.is === 'unknown' || one.answer.is === 'threw' ? 'unknown' : 'fail'] += 1;
	return tally;
}

/** S1: whether the decision that grants an effect's attempt was acknowledged by now. */
export function isGranted(asked: readonly Asked[], { key, step, attempt }: Effect): boolean {
	const acknowledged = asked.filter(isAcknowledged);
	const first = acknowledged.find(({ entry }) => entry.place === 0 && idempotencyKey(sha256(entry.body), step) === key);
	const grants = (entry: Entry): boolean =>
		entry.kind === 'decision' && entry.verdict === 'allow' && entry.step === step && entry.attempt === attempt;
	return acknowledged.some(({ entry }) => {
		const parsed = entry.chain === first?.entry.chain ? parseStored(entry) : undefined;
		return parsed !== undefined && 'entry' in parsed && grants(parsed.entry);
	});
}
