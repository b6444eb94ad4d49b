// L2, L3: a fold begins at a run's first entry, or at a checkpoint that holds a state of this run.
import { expect, test } from 'vitest';
import type { Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { checkpoint, entryOf, granted, intent, resumed, told } from '../doubles/ledger-builder.ts';

const golden = told(intent('a.tool'), granted(1, 'manual'), resumed(), checkpoint());
const [opened, planned, , , stands] = golden.entries as [Entry, Entry, Entry, Entry, Entry];
const begin = (entry: Entry, change: Record<string, unknown> = {}) => fold(undefined, { ...entry, ...change } as Entry, 'f'.repeat(64));

test('its first entry', () => {
	expect(begin(opened)).toMatchObject({ is: 'legal', state: { epoch: 0, root: 'f'.repeat(64), nextStep: 1, steps: {}, turns: 0 } });
});

test('a checkpoint', () => {
	expect(begin(stands)).toMatchObject({ is: 'legal', state: { epoch: 1, checkpointPlace: 4, root: golden.state.root, facts: [] } });
});

const state = 'state' in stands ? stands.state : {};
test.for([
	['an opening at another place', opened, { place: 1 }],
	['an opening of another epoch', opened, { epoch: 1 }],
	['an opening after something', opened, { prev: '1'.repeat(64) }],
	['any other entry', planned, {}],
	['any other entry at place 0', planned, { place: 0, prev: '0'.repeat(64) }],
	['a checkpoint without a state', stands, { state: {} }],
	['a checkpoint whose state has something more', stands, { state: { ...state, extra: 1 } }],
	['a checkpoint of another run', stands, { run: 'run-2' }],
	['a checkpoint of another epoch', stands, { epoch: 0 }],
] as const)('L3 not %s', ([, entry, change]) => {
	expect(begin(entry, change)).toMatchObject({ is: 'illegal' });
});

test.for([
	['another run', { run: 'run-2' }],
	['another place', { place: 6 }],
	['the same place', { place: 4 }],
	['another entry before it', { prev: '1'.repeat(64) }],
	['an older epoch', { epoch: 0 }],
	['a later epoch', { epoch: 2 }],
] as const)('L2 nor does an entry of %s follow', ([, change]) => {
	const next = entryOf(golden.state, checkpoint()(golden.state)).entry;
	expect(fold(golden.state, next, 'f'.repeat(64)).is).toBe('legal');
	expect(fold(golden.state, { ...next, ...change } as Entry, 'f'.repeat(64)).is).toBe('illegal');
});
