/** Every way in which the adapter writes to the ledger, each once, with a place, a claim and items of its own. */
import assert from 'node:assert/strict';
import type { DynamoStore } from '../../adapters/dynamodb/store.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Ledger, Together } from '../../core/ports.ts';
import { claimOf, entryAt } from '../contract/samples.ts';

export type Writing = { readonly entry: StoredEntry; readonly together?: Together };
type Kind = { readonly what: string; readonly target: 'PutItem' | 'TransactWriteItems'; of(id: string): Writing };

const paid = (id: string) => [
	{ table: 'stock', key: id, add: { taken: 1 } },
	{ table: 'orders', key: id, set: { state: 'paid' } },
];
const after = (id: string): StoredEntry => entryAt(1, { chain: id });

export const kindsOfWriting: readonly Kind[] = [
	{ what: 'an entry', target: 'PutItem', of: (id) => ({ entry: after(id) }) },
	{ what: 'the first entry of a run', target: 'PutItem', of: (id) => ({ entry: entryAt(0, { chain: id }) }) },
	{ what: 'an entry of a control chain', target: 'PutItem', of: (id) => ({ entry: entryAt(0, { chain: `@agent:${id}` }) }) },
	{
		what: 'an entry with a claim',
		target: 'TransactWriteItems',
		of: (id) => ({ entry: after(id), together: { claim: claimOf(id, { run: id }) } }),
	},
	{ what: 'an entry with writes', target: 'TransactWriteItems', of: (id) => ({ entry: after(id), together: { writes: paid(id) } }) },
	{
		what: 'an entry with a claim and writes',
		target: 'TransactWriteItems',
		of: (id) => ({ entry: after(id), together: { claim: claimOf(id, { run: id }), writes: paid(id) } }),
	},
];

export const appendTo = (ledger: Ledger, { entry, together }: Writing) => ledger.append(entry, together);

/** L1: all of it is there once, or nothing of it. */
export async function isThere({ ledger, claims, tables }: DynamoStore, { entry, together = {} }: Writing): Promise<boolean> {
	const found = await ledger.read(entry.chain, { from: 0, limit: 50 });
	const there = found.length > 0;
	assert.deepEqual(found, there ? [entry] : []);
	if (together.claim) assert.deepEqual(await claims.latest(together.claim.tool, together.claim.key), there ? together.claim : undefined);
	for (const write of together.writes ?? []) {
		const item = await tables.get(write.table, write.key);
		assert.deepEqual(item, there ? { ...write.add, ...write.set } : undefined);
	}
	return there;
}
