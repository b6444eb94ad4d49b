// L2: a ledger that was restored, cut or altered behind a warm process is read anew, and never carried on from memory.
import { expect, test } from 'vitest';
import { LedgerBroken, RunNotFound } from '../../core/ledger/read.ts';
import { checkpoint, done, granted, held, intent, memoryOf, RUN, tellOn, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const shared = told(intent('a.tool'), granted(1, 'manual'));
const seen = tellOn(shared, done(1), checkpoint());
const other = tellOn(shared, held(1, 'doubt'), checkpoint());

async function warmThen(change: (chains: Map<string, unknown>) => void) {
	const state = memoryOf(seen);
	const process = processOver(state);
	expect((await process.reader.read(RUN)).state).toEqual(seen.state);
	change(state.chains);
	return process.reader.read(RUN);
}

test('another history of the same length', async () => {
	expect((await warmThen((chains) => chains.set(RUN, [...other.stored]))).state).toEqual(other.state);
});

test('a longer one that did not grow from what was seen', async () => {
	const longer = tellOn(other, checkpoint(), checkpoint());
	expect((await warmThen((chains) => chains.set(RUN, [...longer.stored]))).state).toEqual(longer.state);
});

test('a shorter one, as after a restore', async () => {
	expect((await warmThen((chains) => chains.set(RUN, [...shared.stored]))).state).toEqual(shared.state);
});

test('a flipped byte in the head', async () => {
	const flipped = seen.stored.map((entry) => ({ ...entry, body: entry.body.replace('"spend":0', '"spend":1') }));
	await expect(warmThen((chains) => chains.set(RUN, flipped))).resolves.toMatchObject({ state: { spend: 1 } });
	// A checkpoint is believed as any entry is; whoever reads from the start finds that it lies.
	const process = processOver(memoryOf({ ...seen, stored: flipped }));
	await expect(process.reader.read(RUN, { everything: true })).rejects.toThrow(LedgerBroken);
});

test('nothing at all', async () => {
	await expect(warmThen((chains) => chains.delete(RUN))).rejects.toThrow(RunNotFound);
});

test('entries that do not link to what was seen', async () => {
	const stranger = tellOn(other, checkpoint()).stored.at(-1);
	await expect(warmThen((chains) => chains.set(RUN, [...seen.stored, stranger]))).rejects.toThrow(LedgerBroken);
});
