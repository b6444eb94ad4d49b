// Cost does not grow with the run: with its checkpoint's place as a hint a run is read in one query, warm or cold.
import { expect, test } from 'vitest';
import type { Fault } from '../../adapters/memory/faults.ts';
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import { createReader, entriesFrom, entryAt } from '../../core/ledger/read.ts';
import type { Ledger } from '../../core/ports.ts';
import { checkpoint, memoryOf, RUN, resumed, tellOn, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';
import { longRun } from './long-run.ts';

const golden = longRun();
const before = golden.state.checkpointPlace;
const cold = () => processOver(memoryOf(golden));

test('from the last checkpoint on', async () => {
	const { reader, memory } = cold();
	await reader.read(RUN, { hint: before });
	expect(memory.counts).toMatchObject({ queries: 1, entriesRead: golden.entries.length - before });
});

test('without a hint, from the last checkpoint that the last entries hold', async () => {
	const { reader, memory } = cold();
	await reader.read(RUN);
	expect(memory.counts).toMatchObject({ queries: 1, entriesRead: ENTRIES_PER_QUERY });
});

test('warm, by the entries that came since and the one before', async () => {
	const { reader, memory } = cold();
	await reader.read(RUN, { hint: before });
	memory.counts.reset();
	await reader.read(RUN, { hint: 0 });
	expect(memory.counts).toMatchObject({ queries: 1, entriesRead: 1, calls: { 'ledger.read': 1 } });
	expect(Object.keys(memory.counts.calls)).toEqual(['ledger.read']);
});

test('a short run without a hint, and its key, once each', async () => {
	const { reader, memory } = processOver(memoryOf(told(resumed())));
	await reader.read(RUN);
	expect(memory.counts.calls).toEqual({ 'ledger.latest': 1, 'keys.get': 1 });
});

test('a checkpoint and what may follow it fit into one query', async () => {
	const lines = Array.from({ length: ENTRIES_PER_QUERY - 2 }, () => resumed('person'));
	const full = tellOn(told(checkpoint()), ...lines);
	const { reader, memory } = processOver(memoryOf(full));
	await reader.read(RUN, { hint: 1 });
	expect(memory.counts).toMatchObject({ queries: 1, entriesRead: ENTRIES_PER_QUERY - 1 });
});

test('no query asks for more than fifty, however long the reading', async () => {
	const { store, memory } = cold();
	const limits: number[] = [];
	const ledger: Ledger = {
		...store.ledger,
		read: (chain, at) => {
			limits.push(at.limit);
			return store.ledger.read(chain, at);
		},
	};
	const reader = createReader({ ...store, ledger });
	const view = await reader.read(RUN, { everything: true });
	await entriesFrom({ ledger }, { ...view, window: new Map() }, 0);
	expect(Math.max(...limits)).toBe(ENTRIES_PER_QUERY);
	expect(memory.counts.queries).toBe(2 * Math.ceil(golden.entries.length / ENTRIES_PER_QUERY));
});

test('what a reading has seen is not read again', async () => {
	const { reader, store, memory } = cold();
	const view = await reader.read(RUN, { hint: before });
	memory.counts.reset();
	expect(await entriesFrom(store, view, before)).toEqual(golden.entries.slice(before));
	expect(memory.counts.queries).toBe(0);
	expect(await entryAt(store, view, 0)).toEqual(golden.entries[0]);
	expect(memory.counts).toMatchObject({ queries: 1, entriesRead: 1 });
	expect(await entriesFrom(store, view, before - 3)).toEqual(golden.entries.slice(before - 3));
});

test('a query without an answer is an error, never an empty run', async () => {
	for (const fault of ['unknown-not-written', 'crash-before'] as Fault[]) {
		const { reader } = processOver(memoryOf(golden), (call) => (call.port === 'ledger' ? fault : undefined));
		await expect(reader.read(RUN, { hint: before })).rejects.toThrow(/ledger\.read/);
	}
});
