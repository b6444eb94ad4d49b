// L2, L3: whatever is wrong with what is stored, reading says so, with the run and what is wrong, and decides nothing.
import { describe, expect, test } from 'vitest';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import { createReader, entriesFrom, entryAt, LedgerBroken, RunNotFound, readStep } from '../../core/ledger/read.ts';
import { checkpoint, done, entryOf, granted, intent, memoryOf, RUN, tellOn, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const golden = told(intent('a.tool'), granted(1, 'manual'), done(1), checkpoint(), intent('a.tool'));
const other = tellOn(told(), intent('b.tool'), granted(1, 'read'), done(1), checkpoint());
const { stored } = golden;
const at = (place: number): StoredEntry => stored[place] ?? { chain: RUN, place, body: '' };

const damage: Readonly<Record<string, readonly StoredEntry[]>> = {
	'bytes that are no JSON': stored.with(2, { ...at(2), body: '{' }),
	'bytes that are no entry': stored.with(2, { ...at(2), body: '{"v":1}' }),
	'an entry of another place': stored.with(2, { ...at(3), place: 2 }),
	'an entry of another history': stored.with(3, other.stored[3] ?? at(3)),
	'a changed entry': stored.with(2, { ...at(2), body: at(2).body.replace('"reason":"policy"', '"reason":"approved"') }),
	'a place left out': stored.toSpliced(2, 1),
	'a beginning left out': stored.slice(1, 4),
};

describe.for(Object.entries(damage))('%s', ([, entries]) => {
	const { store } = processOver(memoryOf({ ...golden, stored: entries }));
	test('L2 a cold reading', async () => {
		const reading = createReader(store).read(RUN, { hint: 0 });
		await expect(reading).rejects.toThrow(LedgerBroken);
		await expect(createReader(store).read(RUN, { everything: true })).rejects.toThrow(`the ledger of run ${RUN} is damaged`);
	});
	test('L2 looking for a step', async () => {
		await expect(readStep(store, RUN, { step: 1, hint: 0 })).rejects.toThrow(LedgerBroken);
		await expect(readStep(store, RUN, { step: 9, hint: 3 })).rejects.toThrow(LedgerBroken);
	});
});

test('L3 an illegal entry, though it links', async () => {
	const { stored: illegal } = entryOf(golden.state, granted(1, 'manual')(golden.state));
	const { store } = processOver(memoryOf({ ...golden, stored: [...stored, illegal] }));
	await expect(createReader(store).read(RUN)).rejects.toThrow('damaged at place 6: decided on step 1, which is not open');
	await expect(readStep(store, RUN, { step: 1, hint: 0 })).rejects.toThrow(LedgerBroken);
});

test('single entries that are missing or no entry', async () => {
	const process = processOver(memoryOf(golden));
	const view = { ...(await process.reader.read(RUN)), window: new Map() };
	const { store } = processOver(memoryOf({ ...golden, stored: stored.toSpliced(1, 1).with(1, { ...at(2), body: '{' }) }));
	await expect(entryAt(store, view, 1)).rejects.toThrow(LedgerBroken);
	await expect(entryAt(store, view, 2)).rejects.toThrow('place 2 of run-1 is not JSON');
	await expect(entriesFrom(store, view, 1)).rejects.toThrow(LedgerBroken);
	await expect(entriesFrom(store, view, 2)).rejects.toThrow(LedgerBroken);
});

test('a run that there is not', async () => {
	const { reader } = processOver(memoryOf(golden));
	for (const hint of [undefined, 0, 7]) await expect(reader.read('run-9', { hint })).rejects.toThrow(RunNotFound);
	await expect(reader.read('run-9')).rejects.toThrow('there is no run run-9; list shows the runs there are');
});
