// L3: a fault in a caller ends in an assertion before anything is written.
import { AssertionError } from 'node:assert';
import { expect, test } from 'vitest';
import { append } from '../../core/ledger/append.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import { closed, done, granted, intent, memoryOf, RUN, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const golden = told(intent('a.tool'), granted(1, 'manual'), done(1), closed());
const drafts = {
	'an intent after closed': { kind: 'intent', epoch: 0, readTo: 4, calls: [] },
	'a second end': {
		kind: 'decision',
		epoch: 0,
		step: 1,
		verdict: 'deny',
		reason: 'policy',
		effect: 'manual',
		policies: [],
		policyDigest: sha256('p'),
		approved: false,
	},
	'an older epoch': { kind: 'frozen', epoch: 7, by: 'local:alice' },
	'a contradiction that is not said': { kind: 'outcome', epoch: 0, step: 1, attempts: [1], result: 'failed', by: 'tool' },
} as const;

test.for(Object.entries(drafts))('L3 %s', async ([, draft]) => {
	const state = memoryOf(golden);
	const process = processOver(state);
	const view = await process.reader.read(RUN);
	await expect(append(process, view, draft as never)).rejects.toThrow(AssertionError);
	expect(state.chains.get(RUN)).toEqual(golden.stored);
	expect(process.memory.counts.writes).toBe(0);
});

test('nor is one of another shape', async () => {
	const process = processOver(memoryOf(golden));
	const view = await process.reader.read(RUN);
	await expect(append(process, view, { kind: 'frozen', epoch: 0, by: '' })).rejects.toThrow();
	await expect(
		append(process, view, { kind: 'frozen', epoch: 0, by: 'local:alice' }, { content: { why: 'x' } as never }),
	).rejects.toThrow();
	expect(process.memory.counts.calls['ledger.append']).toBeUndefined();
});
