// Without its key a run still reads, folds and takes testimony as envelopes; nothing that needs content is written.
import { expect, test } from 'vitest';
import { append } from '../../core/ledger/append.ts';
import { createReader, openContent, RunKeyLost } from '../../core/ledger/read.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { checkpoint, closed, done, granted, intent, KEY, memoryOf, RUN, resumed, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const facts = [{ type: 'Order', id: 'o-1', attributes: { paid: true } }];
const golden = told(
	intent('a.tool', 'b.tool'),
	granted(1, 'read'),
	done(1, { facts }),
	checkpoint(),
	granted(2, 'manual'),
	closed('stopped'),
	resumed(),
);

test('reading from anywhere comes to one state, in which no facts are known', async () => {
	const { store } = processOver(memoryOf(golden, 'destroyed'));
	for (const hint of [undefined, 0, 4, 5]) {
		const view = await createReader(store).read(RUN, { hint });
		expect(view).toMatchObject({ key: undefined, state: { ...golden.state, facts: [] } });
	}
});

test('an outcome is stored as its envelope', async () => {
	const state = memoryOf(golden, 'destroyed');
	const process = processOver(state);
	const view = await process.reader.read(RUN);
	const written = await append(process, view, { kind: 'outcome', epoch: 0, step: 2, attempts: [1], result: 'done', by: 'tool' });
	expect(written).toMatchObject({ is: 'written', entry: { result: 'done' } });
	expect(written.is === 'written' && written.entry.sealed).toBeUndefined();
	expect(verifyRun(RUN, state.chains.get(RUN) ?? [])).toMatchObject({ is: 'whole' });
});

test('content is never written in clear', async () => {
	const state = memoryOf(golden, 'destroyed');
	const process = processOver(state);
	const view = await process.reader.read(RUN);
	const outcome = { kind: 'outcome', epoch: 0, step: 2, attempts: [1], result: 'done', by: 'tool' } as const;
	await expect(append(process, view, outcome, { content: { result: 'secret' } })).rejects.toThrow(RunKeyLost);
	expect(state.chains.get(RUN)).toEqual(golden.stored);
});

test('another key opens nothing, and facts of it are not believed', async () => {
	const { store, reader } = processOver(memoryOf(golden, KEY.with(0, 255)));
	const view = await reader.read(RUN);
	expect(view.state.facts).toEqual([]);
	expect(await openContent(store, golden.entries[0] as never, view.key)).toBeUndefined();
});
