/** Adapters as one would write them at first. The checks that the real one passes have to catch each. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { canonical, sha256 } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Appended, Ledger, Together } from '../../core/ports.ts';
import type { Naive } from './played.ts';

/** It puts without asking whether the place is taken. */
export const overwriting: Naive = {
	alter: (client: DynamoDBClient) =>
		client.middlewareStack.add((next) => (args) => next({ ...args, input: withoutCondition(args.input) as typeof args.input }), {
			step: 'initialize',
		}),
};

const unlessThere = /^attribute_not_exists\((.*)\)$/;

/** A condition that always holds. Without any, a request that gives names for one is malformed. */
function withoutCondition(value: unknown): unknown {
	if (typeof value === 'string') return value.replace(unlessThere, 'attribute_exists($1) OR attribute_not_exists($1)');
	if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(withoutCondition);
	return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, withoutCondition(inside)]));
}

type Append = (entry: StoredEntry, together?: Together) => Promise<Appended>;
const answering = (change: (ledger: Ledger, append: Append) => Append): Naive => ({
	ledger: (ledger) => ({ ...ledger, append: change(ledger, (entry, together) => ledger.append(entry, together)) }),
});

/** The same, chained to whatever stands last by now. */
async function appendAgain(ledger: Ledger, entry: StoredEntry, together: Together | undefined): Promise<Appended> {
	const [head] = await ledger.latest(entry.chain, 1);
	if (!head) return ledger.append(entry, together);
	const place = head.place + 1;
	const body = canonical({ ...JSON.parse(entry.body), place, prev: sha256(head.body) });
	return ledger.append({ ...entry, place, body }, together);
}

/** No answer: so it was not written. */
export const unknownIsNotWritten = answering((ledger, append) => async (entry, together) => {
	const answer = await append(entry, together);
	return answer.is === 'unknown' ? appendAgain(ledger, entry, together) : answer;
});

/** The place is taken: so it was somebody else. */
export const conflictIsAlwaysAnother = answering((ledger, append) => async (entry, together) => {
	const answer = await append(entry, together);
	return answer.is === 'conflict' && answer.holder.body === entry.body ? appendAgain(ledger, entry, together) : answer;
});

/** No answer: so it was written. */
export const unknownIsWritten = answering((_, append) => async (entry, together) => {
	const answer = await append(entry, together);
	return answer.is === 'unknown' ? { is: 'appended' } : answer;
});

/** First the entry, then what belongs to it. */
export const oneAfterTheOther = answering((_, append) => {
	let scratches = 0;
	return async (entry, together) => {
		const answer = await append(entry);
		if (answer.is !== 'appended' || (!together?.claim && !together?.writes?.length)) return answer;
		scratches += 1;
		const scratch = { chain: `scratch-${entry.chain}`, place: scratches, body: entry.body };
		const rest = await append(scratch, together);
		return rest.is === 'unknown' ? rest : answer;
	};
});
