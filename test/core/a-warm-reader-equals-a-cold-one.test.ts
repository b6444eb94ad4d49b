// What a process remembers of a run never changes what it concludes, whatever others append in between.
import { test as property } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { append } from '../../core/ledger/append.ts';
import { createReader } from '../../core/ledger/read.ts';
import { KEY, memoryOf, placesOf, RUN } from '../doubles/ledger-builder.ts';
import { ledgerOf, moves } from '../doubles/random-ledger.ts';
import { processOver } from '../doubles/store.ts';
import { longRun } from './long-run.ts';

property.prop([moves(), fc.infiniteStream(fc.nat(12))], { numRuns: 40 })('whenever it looks', async (all, steps) => {
	const golden = ledgerOf(all);
	const state = memoryOf({ ...golden, stored: [] });
	const { store, reader } = processOver(state);
	const checkpoints = placesOf(golden, 'checkpoint');
	for (let length = 1; length <= golden.stored.length; length += 1 + (steps.next().value ?? 0)) {
		state.chains.set(RUN, golden.stored.slice(0, length));
		const hint = checkpoints.findLast((place) => place < length);
		const [warm, cold] = [await reader.read(RUN, { hint }), await createReader(store).read(RUN, { hint: 0 })];
		expect(warm.state).toEqual(cold.state);
		expect(warm.key).toEqual(KEY);
		for (const [place, { entry, hash }] of warm.window)
			expect([entry, hash]).toEqual([cold.window.get(place)?.entry, cold.window.get(place)?.hash]);
	}
});

test('after an append of its own as well', async () => {
	const golden = longRun(12);
	const process = processOver(memoryOf(golden));
	const facts = [{ type: 'Order', id: 'o-1', attributes: { turn: 99 } }];
	let view = await process.reader.read(RUN);
	const { nextStep: step, epoch, head } = view.state;
	const grant = { accessKeyId: 'A', role: 'r', notAfter: head.at, windowMs: 1, policyDigest: '0'.repeat(64), tokenDigest: '0'.repeat(64) };
	const drafts = [
		[{ kind: 'intent', epoch, readTo: head.place, calls: [{ step, tool: 'a.tool', call: '0'.repeat(64) }] }, { calls: [] }],
		[
			{
				kind: 'decision',
				epoch,
				step,
				verdict: 'allow',
				reason: 'policy',
				effect: 'read',
				policies: [],
				policyDigest: '0'.repeat(64),
				approved: false,
				attempt: 1,
				grant,
			},
		],
		[
			{ kind: 'outcome', epoch, step, attempts: [1], result: 'done', by: 'tool', facts: true },
			{ result: 1, facts },
		],
	] as const;
	for (const [draft, content] of drafts) {
		const written = await append(process, view, draft as never, (content ? { content } : {}) as never);
		if (written.is !== 'written') throw new Error(written.is);
		view = written.view;
		const cold = await createReader(process.store).read(RUN);
		expect(view.state).toEqual(cold.state);
		expect((await process.reader.read(RUN)).state).toEqual(cold.state);
	}
	expect(view.state.facts.at(-1)).toMatchObject({ id: 'o-1', attributes: { turn: 99 } });
});
