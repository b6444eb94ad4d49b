// L2: once a run's key is destroyed its content is gone everywhere, and the ledger still verifies and folds.
import { expect, test } from 'vitest';
import { openContent } from '../../core/ledger/read.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { checkpoint, closed, done, granted, intent, memoryOf, RUN, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const facts = [{ type: 'Order', id: 'o-1', attributes: { paid: true } }];
const golden = told(intent('a.tool'), granted(1, 'read'), done(1, { facts }), checkpoint({ memory: 'remembered' }), closed());

test('L2 the run verifies without its key', async () => {
	const { store, memory } = processOver(memoryOf(golden));
	await store.keys.destroy(RUN);
	expect(verifyRun(RUN, memory.state.chains.get(RUN) ?? [])).toMatchObject({ is: 'whole', state: { head: golden.state.head } });
});

test('every content opened before and none does after', async () => {
	const { store } = processOver(memoryOf(golden));
	const sealed = golden.entries.filter((entry) => entry.sealed);
	expect(sealed.map((entry) => entry.kind)).toEqual(['opened', 'intent', 'outcome', 'checkpoint', 'closed']);
	const open = async () =>
		Promise.all(sealed.map(async (entry) => openContent(store, entry as typeof entry & { kind: 'closed' }, await store.keys.get(RUN))));
	expect(await open()).not.toContain(undefined);
	await store.keys.destroy(RUN);
	expect(await open()).toEqual(sealed.map(() => undefined));
});

test('reading says the same of the run, and knows no facts', async () => {
	const { reader } = processOver(memoryOf(golden, 'destroyed'));
	const { state, key } = await reader.read(RUN);
	expect(key).toBeUndefined();
	expect(state).toEqual({ ...golden.state, facts: [] });
	expect(golden.state.facts).toHaveLength(1);
});

test('a destroyed key is not made again', async () => {
	const { store } = processOver(memoryOf(golden));
	await store.keys.destroy(RUN);
	await expect(store.keys.create(RUN, new Uint8Array(32))).rejects.toThrow('destroyed');
});
