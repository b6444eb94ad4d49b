// L1: of writers at one place one wins; the others fold what they missed and decide again from there, a bounded number of times.
import { expect, test } from 'vitest';
import { PLACES_LOST } from '../../core/bounds.ts';
import { append, decideUntilPlaced, PlaceContended, type Round } from '../../core/ledger/append.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { intent, memoryOf, RUN, told } from '../doubles/ledger-builder.ts';
import { type Process, processOver } from '../doubles/store.ts';

const resume = (process: Process): Promise<number> =>
	decideUntilPlaced(process.reader, { run: RUN }, async (view): Promise<Round<number>> => {
		const written = await append(process, view, { kind: 'resumed', epoch: view.state.epoch + 1, by: 'function:resume', reason: 'person' });
		return written.is === 'written' ? { answer: written.entry.place } : 'again';
	});

test('L1 ten writers take ten places', async () => {
	const state = memoryOf(told(intent('a.tool')));
	const places = await Promise.all(Array.from({ length: 10 }, () => resume(processOver(state))));
	expect(places.sort((left, right) => left - right)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
	expect(verifyRun(RUN, state.chains.get(RUN) ?? [])).toMatchObject({ is: 'whole', state: { epoch: 10 } });
});

test('L1 ten tasks of one process as well', async () => {
	const state = memoryOf(told(intent('a.tool')));
	const process = processOver(state);
	await Promise.all(Array.from({ length: 10 }, () => resume(process)));
	expect(verifyRun(RUN, state.chains.get(RUN) ?? [])).toMatchObject({ is: 'whole', entries: { length: 12 } });
});

test('L1 the loser is told the truth: what it decided on had changed', async () => {
	const state = memoryOf(told(intent('a.tool')));
	const [fast, slow] = [processOver(state), processOver(state)];
	const view = await slow.reader.read(RUN);
	await resume(fast);
	expect(await append(slow, view, { kind: 'frozen', epoch: 0, by: 'local:alice' })).toEqual({ is: 'lost' });
	expect((await slow.reader.read(RUN)).state.epoch).toBe(1);
});

test('S5 whoever always loses gives up and can be tried again', async () => {
	const process = processOver(memoryOf(told()));
	let rounds = 0;
	const losing = decideUntilPlaced(process.reader, { run: RUN }, async (): Promise<Round<never>> => {
		rounds += 1;
		return 'again';
	});
	await expect(losing).rejects.toThrow(PlaceContended);
	expect(rounds).toBe(PLACES_LOST);
});
